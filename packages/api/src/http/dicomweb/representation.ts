import { BytesResponse } from '../../answer.ts';
import { multipart } from './multipart-writer.ts';
import { type Asking, type ByteRange, hasAlready, wantedRange, wantsAnother } from '../byte-range.ts';

/** One thing to send by itself: its size known, any stretch of it to be had. */
export interface Representation {
  contentType: string;
  /** Names this very sequence of bytes, in quotes (RFC 9110 8.8.3). */
  etag: string;
  /** Bytes. */
  size: number;
  bytes(stretch: { offset: number; length: number }): AsyncIterable<Uint8Array>;
  headers?: Record<string, string>;
}

/**
 * Who may read what changes from one moment to the next, so nothing is used again without asking. Browsers are told
 * more by the routes: there nothing may be kept at all (threats T21).
 */
export const REVALIDATED = { 'cache-control': 'private, no-cache', 'x-content-type-options': 'nosniff' };

/** Sends a representation: whole (200), a range of it (206, 416), or the word that the client has it (304) or not (412). */
export function represent(request: Asking, what: Representation): Response {
  const { contentType, etag, size } = what;
  const headers = { ...REVALIDATED, vary: 'Accept', 'accept-ranges': 'bytes', etag, ...what.headers };
  if (wantsAnother(request, etag)) return new BytesResponse(null, { status: 412, headers });
  if (hasAlready(request, etag)) return new BytesResponse(null, { status: 304, headers });
  const range = wantedRange(request, what);
  if (range === 'unsatisfiable') {
    return new BytesResponse(null, {
      status: 416,
      headers: { ...headers, 'content-range': `bytes */${size}` },
    });
  }
  const { start, end } = range ?? { start: 0, end: size };
  return new BytesResponse(what.bytes({ offset: start, length: end - start }), {
    status: range ? 206 : 200,
    headers: {
      ...headers,
      ...contentRange(range, size),
      'content-type': contentType,
      'content-length': String(end - start),
    },
  });
}

function contentRange(range: ByteRange | null, size: number): Record<string, string> {
  return range ? { 'content-range': `bytes ${range.start}-${range.end - 1}/${size}` } : {};
}

/** Sends a representation as the only part of a multipart answer (PS3.18 8.6.1.2). */
export function asPart(value: Representation, location: string): Response {
  const { contentType, size, body } = multipart(value.contentType, [
    {
      headers: { 'Content-Type': value.contentType, 'Content-Location': location },
      size: value.size,
      bytes: () => value.bytes({ offset: 0, length: value.size }),
    },
  ]);
  return new BytesResponse(body, {
    status: 200,
    headers: { ...REVALIDATED, vary: 'Accept', 'content-type': contentType, 'content-length': String(size) },
  });
}
