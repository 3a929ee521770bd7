import { checksumAsked } from './tus-checksum.ts';

/** Which version is spoken here, as every answer says. */
const VERSION = '1.0.0';
const BYTES = 'application/offset+octet-stream';

/**
 * What tus 1.0.0 wants refused with a status of its own, where @tus/server says 400 or 403 to all of it. Looked at
 * before anybody asks whose upload it is: what is said of a header is the same for everyone.
 */
export function refusedByProtocol({ method, headers }: Request): Response | null {
  if (method === 'OPTIONS') return null;
  if (headers.get('tus-resumable') !== VERSION) {
    return refusal(412, 'Send Tus-Resumable: 1.0.0.', { 'tus-version': VERSION });
  }
  if (method === 'PATCH') {
    if (headers.get('content-type') !== BYTES) return refusal(415, `Send the bytes as ${BYTES}.`);
    if (headers.get('upload-offset') === null) return refusal(400, 'Send Upload-Offset.');
  }
  // A whole number that nobody can count to is a length like any other, and more than may come.
  const length = headers.get('upload-length') ?? '';
  if (/^\d+$/.test(length) && !Number.isSafeInteger(Number(length))) {
    return refusal(413, 'This is larger than the exchange takes.');
  }
  // The library would find out when it has begun the upload, which then nobody knows and nobody ends.
  const coming = Number(headers.get('content-length') ?? 0);
  if (
    method === 'POST' &&
    headers.get('content-type') === BYTES &&
    length !== '' &&
    coming > Number(length)
  ) {
    return refusal(413, 'These are more bytes than Upload-Length says.');
  }
  const checksum = headers.get('upload-checksum');
  if (checksum !== null && checksumAsked(checksum) === null) {
    return refusal(400, 'Upload-Checksum is sha1 or sha256, a space, and the digest in Base64.');
  }
  return null;
}

/** An empty list of metadata is none, and proxies that join headers put a space behind the comma (RFC 9110 5.3). */
export function normaliseMetadata(headers: Headers): void {
  const metadata = headers.get('upload-metadata');
  if (metadata === null) return;
  if (metadata.trim() === '') headers.delete('upload-metadata');
  else headers.set('upload-metadata', metadata.replace(/\s*,\s*/g, ','));
}

function refusal(status: number, sentence: string, headers: Record<string, string> = {}): Response {
  const plain = { 'content-type': 'text/plain;charset=UTF-8', 'tus-resumable': VERSION };
  return new Response(`${sentence}\n`, { status, headers: { ...plain, ...headers } });
}
