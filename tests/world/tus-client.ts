import type { ServedWorld } from './exchange.ts';
import type { Papers } from './visitors.ts';

interface Knock {
  method: string;
  path: string;
  papers: Papers;
  headers?: Papers;
  body?: BodyInit;
}

/** One request of tus 1.0.0. */
export function tus({ url }: ServedWorld, { path, papers, ...init }: Knock): Promise<Response> {
  return fetch(`${url}${path}`, {
    ...init,
    headers: { 'tus-resumable': '1.0.0', ...papers, ...init.headers },
  });
}

/** Begins `length` bytes under an upload; the answer's `location` is their path. */
export function createTus(
  world: ServedWorld,
  papers: Papers,
  { uploadId, length }: { uploadId: string; length: number },
): Promise<Response> {
  const upload = Buffer.from(uploadId).toString('base64');
  const headers = { 'upload-length': String(length), 'upload-metadata': `upload ${upload}` };
  return tus(world, { method: 'POST', path: '/files', papers, headers });
}

export function patchTus(
  world: ServedWorld,
  papers: Papers,
  { path, offset, body }: { path: string; offset: number; body: BodyInit },
): Promise<Response> {
  const headers = { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' };
  return tus(world, { method: 'PATCH', path, papers, headers, body });
}
