import { checkedNames } from './zip-names.ts';
import {
  directoryHeader,
  directoryHeaderLength,
  endRecords,
  endRecordsLength,
  localHeader,
  localHeaderLength,
} from './zip-records.ts';
import type { ZipDirectory, ZipRecord } from './zip-records.ts';

/** A file to be stored. */
export interface ZipEntry {
  /** Path within the archive, folders separated by `/`. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** CRC-32 of the bytes (ISO 3309), unsigned; what `zlib.crc32` gives. */
  readonly crc32: number;
  readonly modified: Date;
}

/** Where every byte of the archive comes from. Holds no content, so it can be made, kept and ranged over cheaply. */
export interface ZipPlan {
  /** Bytes of the whole archive; goes into Content-Length. */
  readonly size: number;
  readonly records: readonly ZipRecord[];
  readonly directory: ZipDirectory;
}

/** A stretch of the archive: made-up bytes, or `length` bytes of an entry's content from `offset`. */
export type ZipSegment =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'entry'; readonly index: number; readonly offset: number; readonly length: number };

/** Half-open, in bytes of the archive: `end` is the first byte not wanted. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** A size, checksum or range that cannot be. */
export class ImpossibleZip extends RangeError {
  override readonly name = 'ImpossibleZip';
}

/** Neighbouring headers are joined up to this many bytes, so that a socket does not see them one by one. */
const JOINED_BYTES = 64 * 1024;

/**
 * Lays out a stored ZIP (PKWARE APPNOTE.TXT), with ZIP64 records only where a number outgrows its old field.
 * The same entries give the same archive, byte for byte.
 *
 * @throws UnsafeZipName for a name that could escape its folder or clash
 * @throws ImpossibleZip for a size or CRC that is no such number
 */
export function planZip(entries: readonly ZipEntry[]): ZipPlan {
  const names = checkedNames(entries.map((entry) => entry.name));
  let offset = 0;
  let size = 0;
  const records = entries.map((entry, index): ZipRecord => {
    checkNumbers(entry, index);
    const record = { ...entry, name: names[index] ?? new Uint8Array(), offset };
    offset += localHeaderLength(record) + entry.size;
    size += directoryHeaderLength(record);
    return record;
  });
  const directory = { entries: records.length, offset, size };
  const total = offset + size + endRecordsLength(directory);
  if (!Number.isSafeInteger(total))
    throw new ImpossibleZip('The archive would be larger than 2^53 bytes; split it.');
  return { size: total, records, directory };
}

/**
 * The archive, or a range of it, in order. The bytes of the segments add up to exactly the range; any range equals
 * the same stretch of the whole.
 *
 * @throws ImpossibleZip for a range outside the archive
 */
export function zipSegments(
  plan: ZipPlan,
  range: ByteRange = { start: 0, end: plan.size },
): Iterable<ZipSegment> {
  const { start, end } = range;
  if (!(
    Number.isSafeInteger(start) &&
    Number.isSafeInteger(end) &&
    0 <= start &&
    start <= end &&
    end <= plan.size
  )) {
    throw new ImpossibleZip(`The archive has bytes 0 to ${plan.size}; ask for a range within them.`);
  }
  return joined(clipped(plan, range));
}

function checkNumbers({ size, crc32 }: ZipEntry, index: number): void {
  if (!Number.isSafeInteger(size) || size < 0) {
    throw new ImpossibleZip(`ZIP entry ${index} has no whole, positive size; measure it before planning.`);
  }
  if (!Number.isInteger(crc32) || crc32 < 0 || crc32 > 0xffffffff) {
    throw new ImpossibleZip(`ZIP entry ${index} has no unsigned 32-bit CRC; compute it before planning.`);
  }
}

function* clipped(plan: ZipPlan, range: ByteRange): Iterable<ZipSegment> {
  for (const { at, segment } of pieces(plan, range)) {
    if (at >= range.end) return;
    const from = Math.max(range.start - at, 0);
    const to = Math.min(range.end - at, lengthOf(segment));
    if (from < to) yield slice(segment, from, to);
  }
}

/** All pieces that can touch the range: whole records and contents, each with its place in the archive. */
function* pieces(plan: ZipPlan, range: ByteRange): Iterable<{ at: number; segment: ZipSegment }> {
  const { records, directory } = plan;
  for (let index = recordAt(plan, range.start); index < records.length; index++) {
    const record = records[index];
    if (!record || record.offset >= range.end) break;
    const bytes = localHeader(record);
    yield { at: record.offset, segment: { kind: 'bytes', bytes } };
    yield {
      at: record.offset + bytes.length,
      segment: { kind: 'entry', index, offset: 0, length: record.size },
    };
  }
  if (range.end <= directory.offset) return;
  let at = directory.offset;
  for (const record of records) {
    const length = directoryHeaderLength(record);
    if (at < range.end && at + length > range.start) {
      yield { at, segment: { kind: 'bytes', bytes: directoryHeader(record) } };
    }
    at += length;
  }
  yield { at, segment: { kind: 'bytes', bytes: endRecords(directory) } };
}

/** Index of the last record that starts at or before `position`, found by halving. */
function recordAt({ records }: ZipPlan, position: number): number {
  let low = 0;
  let high = records.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((records[middle]?.offset ?? 0) <= position) low = middle;
    else high = middle;
  }
  return low;
}

function lengthOf(segment: ZipSegment): number {
  return segment.kind === 'bytes' ? segment.bytes.length : segment.length;
}

function slice(segment: ZipSegment, from: number, to: number): ZipSegment {
  if (segment.kind === 'bytes') return { kind: 'bytes', bytes: segment.bytes.subarray(from, to) };
  return { ...segment, offset: segment.offset + from, length: to - from };
}

function* joined(segments: Iterable<ZipSegment>): Iterable<ZipSegment> {
  let waiting: Uint8Array[] = [];
  let length = 0;
  for (const segment of segments) {
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

function together(parts: readonly Uint8Array[], length: number): ZipSegment {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return { kind: 'bytes', bytes };
}
