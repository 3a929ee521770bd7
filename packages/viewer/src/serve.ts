import { openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { mediaTypes, protectiveHeaders } from './headers.ts';
import { viewerBase } from './release-rules.ts';

/**
 * Answers everything below `/ohif/` from the folder that `prepareViewer` made.
 *
 * A path without an extension is one of the viewer's own routes and gets its page. Files of a release never
 * change under their address and may be kept for ever; the page and its configuration are asked for again
 * each time. Nothing here is private: no session is looked at.
 */
export async function viewerResponse(request: Request, directory: string): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return refusal(405, 'Only GET and HEAD', { allow: 'GET, HEAD' });
  }
  const { pathname, searchParams } = new URL(request.url);
  const path = servedPath(pathname);
  const file =
    path && (await bestVariant(join(directory, path), request.headers.get('accept-encoding') ?? ''));
  if (!path || !file) return refusal(404, 'Not found');
  const headers = headersFor(path, file, searchParams.has('segmentations'));
  if (matches(request.headers.get('if-none-match'), headers.get('etag'))) {
    return new Response(null, { status: 304, headers: withoutBody(headers) });
  }
  if (request.method === 'HEAD') return new Response(null, { headers });
  return new Response(await openAsBlob(file.path), { headers });
}

function refusal(status: number, sentence: string, headers: Record<string, string> = {}): Response {
  const always = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };
  return new Response(`${sentence}\n`, {
    status,
    headers: { ...protectiveHeaders(''), ...always, ...headers },
  });
}

/** The path inside the prepared folder, or undefined for what is not in it whatever the disk says. */
function servedPath(pathname: string): string | undefined {
  const path = decoded(`${pathname}/`.startsWith(viewerBase) ? pathname.slice(viewerBase.length) : '..');
  if (path === undefined) return undefined;
  // A leading dot is a step upwards or our own stamp; the compressed twin only goes out as its original.
  const hostile = path.split('/').some((name) => name.startsWith('.') || /[\\\0]/.test(name));
  if (hostile || path.endsWith('.br')) return undefined;
  return extname(path) ? path : 'index.html';
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

interface Variant {
  path: string;
  encoding?: 'br';
  size: number;
  modified: number;
}

async function bestVariant(path: string, acceptEncoding: string): Promise<Variant | undefined> {
  const compressed = acceptsBrotli(acceptEncoding) && (await variant(`${path}.br`));
  return compressed ? { ...compressed, encoding: 'br' } : variant(path);
}

/** RFC 9110, 12.5.3: a weight of zero means "not acceptable". */
function acceptsBrotli(acceptEncoding: string): boolean {
  return acceptEncoding
    .split(',')
    .some((offer) => /^\s*br\s*(;|$)/i.test(offer) && !/;\s*q=0(\.0*)?\s*$/i.test(offer));
}

async function variant(path: string): Promise<Variant | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ? { path, size: found.size, modified: found.mtimeMs } : undefined;
}

function headersFor(path: string, file: Variant, compiles: boolean): Headers {
  const tag = `${file.size.toString(36)}-${Math.round(file.modified).toString(36)}`;
  const inRelease = /^[0-9a-f]{12}\//.test(path);
  const headers = new Headers({
    ...protectiveHeaders(basename(path), compiles),
    'content-type': mediaTypes[extname(path)] ?? 'application/octet-stream',
    'content-length': String(file.size),
    'cache-control': inRelease ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag: `"${tag}"`,
    vary: 'accept-encoding',
  });
  if (file.encoding) headers.set('content-encoding', file.encoding);
  return headers;
}

/** RFC 9110, 13.1.2: a list of tags, compared weakly. */
function matches(ifNoneMatch: string | null, etag: string | null): boolean {
  if (!ifNoneMatch || !etag) return false;
  return ifNoneMatch.split(',').some((tag) => ['*', etag].includes(tag.trim().replace(/^W\//, '')));
}

function withoutBody(headers: Headers): Headers {
  const kept = new Headers(headers);
  for (const name of ['content-length', 'content-encoding', 'content-type']) kept.delete(name);
  return kept;
}
