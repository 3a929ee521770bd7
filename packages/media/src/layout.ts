/**
 * A layout: what will be sent, known byte for byte before any of it is read. It consists of made-up bytes (headers,
 * directories, padding) and of stretches of files, so it can be made, kept and ranged over cheaply. Pure.
 */

/** Half-open, in bytes of the whole: `end` is the first byte not wanted. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** A stretch of the whole: made-up bytes, or `length` bytes of a file's content from `offset`. */
export type Segment =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'entry'; readonly index: number; readonly offset: number; readonly length: number };

/** A segment and where it begins in the whole. */
export interface Piece {
  readonly at: number;
  readonly segment: Segment;
}

export interface Layout {
  /** Bytes of the whole; goes into Content-Length. */
  readonly size: number;
  /** In order, at least every piece that touches the range. */
  pieces(range: ByteRange): Iterable<Piece>;
}

/** Gives `length` bytes of file `index` from `offset`, in as many chunks as it likes. */
export type ReadEntry = (
  index: number,
  offset: number,
  length: number,
) => AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** A range that reaches beyond the whole, or is none. */
export class ImpossibleRange extends RangeError {
  override readonly name = 'ImpossibleRange';
}

/** A file that gave more or fewer bytes than its stretch has. */
export class EntryOutOfStep extends Error {
  override readonly name = 'EntryOutOfStep';
}

/** Neighbouring made-up bytes are joined up to this many, so that a socket does not see them one by one. */
const JOINED_BYTES = 64 * 1024;

/**
 * The whole, or a range of it, in order. The bytes of the segments add up to exactly the range; any range equals
 * the same stretch of the whole.
 *
 * @throws ImpossibleRange
 */
export function segments(
  layout: Layout,
  range: ByteRange = { start: 0, end: layout.size },
): Iterable<Segment> {
  const { start, end } = range;
  const whole = Number.isSafeInteger(start) && Number.isSafeInteger(end);
  if (!(whole && 0 <= start && start <= end && end <= layout.size))
    throw new ImpossibleRange(`There are bytes 0 to ${layout.size}; ask for a range within them.`);
  return joined(clipped(layout, range));
}

/**
 * The bytes of the whole or of a range. Stops with an error rather than send a file in the place of another.
 *
 * @throws ImpossibleRange, EntryOutOfStep
 */
export async function* layoutBytes(
  layout: Layout,
  read: ReadEntry,
  range?: ByteRange,
): AsyncGenerator<Uint8Array> {
  for (const segment of segments(layout, range)) {
    if (segment.kind === 'bytes') {
      yield segment.bytes;
      continue;
    }
    let left = segment.length;
    for await (const chunk of read(segment.index, segment.offset, segment.length)) {
      left -= chunk.length;
      if (left < 0) break;
      yield chunk;
    }
    if (left !== 0) throw new EntryOutOfStep(`File ${segment.index} is not as long as it was planned.`);
  }
}

/** Index of the last of `count` ascending starts that is not after `position`, found by halving; 0 if all are. */
export function lastNotAfter(position: number, count: number, startOf: (index: number) => number): number {
  let low = 0;
  let high = count;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (startOf(middle) <= position) low = middle;
    else high = middle;
  }
  return low;
}

function* clipped(layout: Layout, range: ByteRange): Iterable<Segment> {
  for (const { at, segment } of layout.pieces(range)) {
    if (at >= range.end) return;
    const from = Math.max(range.start - at, 0);
    const to = Math.min(range.end - at, lengthOf(segment));
    if (from < to) yield slice(segment, from, to);
  }
}

function lengthOf(segment: Segment): number {
  return segment.kind === 'bytes' ? segment.bytes.length : segment.length;
}

function slice(segment: Segment, from: number, to: number): Segment {
  if (segment.kind === 'bytes') return { kind: 'bytes', bytes: segment.bytes.subarray(from, to) };
  return { ...segment, offset: segment.offset + from, length: to - from };
}

function* joined(unjoined: Iterable<Segment>): Iterable<Segment> {
  let waiting: Uint8Array[] = [];
  let length = 0;
  for (const segment of unjoined) {
    if (segment.kind === 'bytes') {
      waiting.push(segment.bytes);
      length += segment.bytes.length;
      if (length < JOINED_BYTES) continue;
    }
    if (waiting.length) yield together(waiting, length);
    waiting = [];
    length = 0;
    if (segment.kind === 'entry') yield segment;
  }
  if (waiting.length) yield together(waiting, length);
}

function together(parts: readonly Uint8Array[], length: number): Segment {
  const [only] = parts;
  if (only && parts.length === 1) return { kind: 'bytes', bytes: only };
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return { kind: 'bytes', bytes };
}
