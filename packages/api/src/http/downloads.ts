import { contentDisposition, downloadName } from '@filmpost/media/lastname.ts';
import { admit } from '@filmpost/exchange/access/gate/commands.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { askForPackage, auditDownload } from '@filmpost/exchange/packages/commands.ts';
import { packageBytes } from '@filmpost/exchange/packages/parts/queries.ts';
import {
  type ReadyPackage,
  type Taking,
  findPackage,
  readyPackage,
  studyInstanceUidsOf,
} from '@filmpost/exchange/packages/queries.ts';
import { BytesResponse, json, notHere } from '../answer.ts';
import type { Knock } from '../knock.ts';
import { wantedRange } from './byte-range.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const MEDIA_TYPES = { zip: 'application/zip', iso: 'application/vnd.efi.iso' } as const;

/** One of the doors: whose packages are meant, and which. */
interface Asked {
  taking: Taking;
  /** Null for the exams named in the query, as one ZIP. */
  packageId: string | null;
}

/**
 * Packages, original bytes straight from the blobs. Their length is known before their first byte, and any range of
 * them can be asked for (RFC 9110 14).
 *
 * - `/downloads/<share>/packages/<package>` and `/downloads/f/<facility>/packages/<package>`: one that was asked for
 * - `/downloads/<share>/exams.zip?exam=<id>…`: for scripts; leads to the package that holds these exams
 */
export async function downloads(exchange: Exchange, knock: Knock): Promise<Response> {
  const asked = await askedFor(exchange, knock);
  if (!asked) return notHere();
  const { request, url } = knock;
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return json(405, { error: 'Use GET or HEAD.' }, { allow: 'GET, HEAD' });
  }
  const { taking, packageId } = asked;
  if (packageId === null) return examsAsPackage(exchange, taking, url);
  if (!UUID.test(packageId)) return notHere();
  const ready = await readyPackage(exchange, taking, packageId);
  if (!ready) return notReady(exchange, taking, packageId);
  if (!ready.intact) {
    return json(410, {
      error: 'The exams have changed since this download was prepared. Choose them again.',
    });
  }
  return packageResponse(exchange, { request, taking, ready });
}

async function askedFor(exchange: Exchange, { url, visitor }: Knock): Promise<Asked | null> {
  const [, ...path] = url.pathname.split('/');
  if (path[1] === 'f') {
    const [, , facility, room, packageId] = path;
    if (path.length !== 5 || room !== 'packages' || !facility || !packageId) return null;
    const taking = await admit(exchange, visitor, { capability: 'archive:read', subject: { facility } });
    return { taking, packageId };
  }
  const [, shareId, room, packageId] = path;
  const one = path.length === 4 && room === 'packages' && packageId;
  if (!shareId || !(one || (path.length === 3 && room === 'exams.zip'))) return null;
  const taking = await admit(exchange, visitor, { capability: 'share:download', subject: { shareId } });
  return { taking, packageId: one || null };
}

async function examsAsPackage(exchange: Exchange, taking: Taking, url: URL): Promise<Response> {
  const studyIds = url.searchParams.getAll('exam').filter((id) => UUID.test(id));
  const studyInstanceUids = await studyInstanceUidsOf(exchange, taking, studyIds);
  if (studyInstanceUids.length === 0) return notHere();
  const { packageId, state } = await askForPackage(exchange, taking, {
    studyInstanceUids,
    kind: 'zip',
    viewer: false,
  });
  if (state !== 'ready') return beingPrepared();
  const location = `${url.pathname.replace(/exams\.zip$/, 'packages/')}${packageId}`;
  return new BytesResponse(null, { status: 302, headers: { location, 'cache-control': 'no-store' } });
}

async function notReady(exchange: Exchange, taking: Taking, packageId: string): Promise<Response> {
  const progress = await findPackage(exchange, taking, packageId);
  return progress?.state === 'planning' ? beingPrepared() : notHere();
}

function beingPrepared(): Response {
  const headers = { 'retry-after': '1', 'cache-control': 'no-store' };
  return json(503, { error: 'The download is being prepared; ask again in a moment.' }, headers);
}

interface Sending {
  request: Request;
  taking: Taking;
  ready: ReadyPackage;
}

async function packageResponse(exchange: Exchange, { request, taking, ready }: Sending): Promise<Response> {
  const { packageId, kind, size } = ready;
  // A plan never changes: its id is its version.
  const etag = `"${packageId}"`;
  const headers = new Headers({
    'content-type': MEDIA_TYPES[kind],
    'content-disposition': contentDisposition(downloadName(ready.patientName, kind)),
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-store',
    'x-content-type-options': 'nosniff',
    etag,
  });
  const range = wantedRange(request, { size, etag });
  if (range === 'unsatisfiable') {
    headers.set('content-range', `bytes */${size}`);
    return new BytesResponse(null, { status: 416, headers });
  }
  const { start, end } = range ?? { start: 0, end: size };
  headers.set('content-length', String(end - start));
  if (range) headers.set('content-range', `bytes ${start}-${end - 1}/${size}`);
  if (request.method === 'HEAD') return new BytesResponse(null, { status: 200, headers });
  // Looked up while it is written down; nothing of it leaves before.
  const bytes = packageBytes(exchange, packageId, { start, end });
  await auditDownload(exchange, taking, { ready, start });
  return new BytesResponse(bytes, { status: range ? 206 : 200, headers });
}
