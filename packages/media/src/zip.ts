import { lastNotAfter, segments } from './layout.ts';
import type { ByteRange, Layout, Piece, Segment } from './layout.ts';
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

export type { ByteRange } from './layout.ts';

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
export interface ZipPlan extends Layout, ZipContents {}

interface ZipContents {
  readonly records: readonly ZipRecord[];
  readonly directory: ZipDirectory;
}

/** A size or checksum that cannot be. */
export class ImpossibleZip extends RangeError {
  override readonly name = 'ImpossibleZip';
}

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
  const contents = { records, directory };
  return { size: total, ...contents, pieces: (range) => pieces(contents, range) };
}

/** The archive, or a range of it, in order. @throws ImpossibleRange */
export function zipSegments(plan: ZipPlan, range?: ByteRange): Iterable<Segment> {
  return segments(plan, range);
}

function checkNumbers({ size, crc32 }: ZipEntry, index: number): void {
  if (!Number.isSafeInteger(size) || size < 0) {
    throw new ImpossibleZip(`ZIP entry ${index} has no whole, positive size; measure it before planning.`);
  }
  if (!Number.isInteger(crc32) || crc32 < 0 || crc32 > 0xffffffff) {
    throw new ImpossibleZip(`ZIP entry ${index} has no unsigned 32-bit CRC; compute it before planning.`);
  }
}

/** All pieces that can touch the range: whole records and contents. */
function* pieces(plan: ZipContents, range: ByteRange): Iterable<Piece> {
  const { records, directory } = plan;
  const first = lastNotAfter(range.start, records.length, (index) => records[index]?.offset ?? 0);
  for (let index = first; index < records.length; index++) {
    const record = records[index];
    if (!record || record.offset >= range.end) break;
    const bytes = localHeader(record);
    yield { at: record.offset, segment: { kind: 'bytes', bytes } };
    yield {
      at: record.offset + bytes.length,
      segment: { kind: 'entry', index, offset: 0, length: record.size },
    };
  }
  if (range.end > directory.offset) yield* directoryPieces(plan, range);
}

function* directoryPieces({ records, directory }: ZipContents, range: ByteRange): Iterable<Piece> {
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
