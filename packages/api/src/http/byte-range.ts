/** A request as far as ranges and versions are concerned. */
export type Asking = Pick<Request, 'method' | 'headers'>;

/** Half-open, in bytes: `end` is the first byte not wanted. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * The byte range that a client asks for, if we can give it (RFC 9110 14.2): several are answered with the whole, as
 * it allows, and so is one of another version than the client has (If-Range).
 */
export function wantedRange(
  request: Asking,
  { size, etag }: { size: number; etag: string },
): ByteRange | 'unsatisfiable' | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(request.headers.get('range') ?? '');
  const condition = request.headers.get('if-range');
  // Range is a matter of GET alone.
  if (request.method !== 'GET' || !match || (condition && condition !== etag)) return null;
  const [, from, to] = match;
  if (!from && !to) return null;
  const start = from ? Number(from) : Math.max(0, size - Number(to));
  const end = from && to ? Math.min(Number(to) + 1, size) : size;
  return start >= size || start >= end ? 'unsatisfiable' : { start, end };
}

/** Whether the client has this version already (If-None-Match; RFC 9110 13.1.2, compared weakly). */
export function hasAlready(request: Asking, etag: string): boolean {
  const known = request.headers.get('if-none-match');
  if (!known) return false;
  const opaque = (tag: string) => tag.trim().replace(/^W\//, '');
  return known.split(',').some((each) => each.trim() === '*' || opaque(each) === opaque(etag));
}

/** Whether the client wants another version than this one (If-Match; RFC 9110 13.1.1, compared strongly). */
export function wantsAnother(request: Asking, etag: string): boolean {
  const wanted = request.headers.get('if-match');
  const isThis = (name: string) => name === '*' || (name === etag && !name.startsWith('W/'));
  return wanted !== null && !wanted.split(',').some((each) => isThis(each.trim()));
}
