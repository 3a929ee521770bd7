/**
 * The records of a ZIP file as bytes (PKWARE APPNOTE.TXT 6.3.10, section 4.3). Only what a stored archive with
 * sizes known beforehand needs: no data descriptors, no compression, no encryption.
 */

/** What the records say about one entry. */
export interface ZipRecord {
  /** UTF-8. */
  readonly name: Uint8Array;
  /** Bytes; stored, so compressed and uncompressed size are the same. */
  readonly size: number;
  readonly crc32: number;
  readonly modified: Date;
  /** Where its local header starts in the archive. */
  readonly offset: number;
}

/** The largest value of a 32-bit field; it, and all above it, move into a ZIP64 field (section 4.4.1.4). */
const MAX_32 = 0xffffffff;
const MAX_16 = 0xffff;

const VERSION = 20;
const VERSION_ZIP64 = 45;
const MADE_BY_UNIX = 3 << 8;
const REGULAR_FILE_READABLE = 0o100644 * 0x10000;
const FLAG_UTF8_NAME = 0x0800;
const TIMESTAMP_LENGTH = 9;

export function localHeaderLength({ name, size }: Pick<ZipRecord, 'name' | 'size'>): number {
  return 30 + name.length + (size >= MAX_32 ? 20 : 0) + TIMESTAMP_LENGTH;
}

export function localHeader(record: ZipRecord): Uint8Array {
  const bytes = new Uint8Array(localHeaderLength(record));
  const view = new DataView(bytes.buffer);
  const wide = record.size >= MAX_32;
  view.setUint32(0, 0x04034b50, true);
  commonFields(view, 4, { ...record, zip64: wide });
  bytes.set(record.name, 30);
  const extras = 30 + record.name.length;
  if (wide) zip64Extra(view, extras, [record.size, record.size]);
  timestampExtra(view, bytes.length - TIMESTAMP_LENGTH, record.modified);
  return bytes;
}

export function directoryHeaderLength({
  name,
  size,
  offset,
}: Pick<ZipRecord, 'name' | 'size' | 'offset'>): number {
  const wide = (size >= MAX_32 ? 16 : 0) + (offset >= MAX_32 ? 8 : 0);
  return 46 + name.length + (wide ? 4 + wide : 0) + TIMESTAMP_LENGTH;
}

export function directoryHeader(record: ZipRecord): Uint8Array {
  const bytes = new Uint8Array(directoryHeaderLength(record));
  const view = new DataView(bytes.buffer);
  const wide = [
    ...(record.size >= MAX_32 ? [record.size, record.size] : []),
    ...(record.offset >= MAX_32 ? [record.offset] : []),
  ];
  view.setUint32(0, 0x02014b50, true);
  view.setUint16(4, MADE_BY_UNIX | VERSION_ZIP64, true);
  commonFields(view, 6, { ...record, zip64: wide.length > 0 });
  view.setUint32(38, REGULAR_FILE_READABLE, true);
  view.setUint32(42, Math.min(record.offset, MAX_32), true);
  bytes.set(record.name, 46);
  if (wide.length) zip64Extra(view, 46 + record.name.length, wide);
  timestampExtra(view, bytes.length - TIMESTAMP_LENGTH, record.modified);
  return bytes;
}

/** The stretch local and directory headers share, from "version needed" to "extra field length". */
function commonFields(view: DataView, at: number, record: ZipRecord & { zip64: boolean }): void {
  const { date, time } = dosDateTime(record.modified);
  const fixed = at === 4 ? 30 : 46;
  const ascii = record.name.every((byte) => byte < 0x80);
  view.setUint16(at, record.zip64 ? VERSION_ZIP64 : VERSION, true);
  view.setUint16(at + 2, ascii ? 0 : FLAG_UTF8_NAME, true);
  view.setUint16(at + 6, time, true);
  view.setUint16(at + 8, date, true);
  view.setUint32(at + 10, record.crc32, true);
  view.setUint32(at + 14, Math.min(record.size, MAX_32), true);
  view.setUint32(at + 18, Math.min(record.size, MAX_32), true);
  view.setUint16(at + 22, record.name.length, true);
  view.setUint16(at + 24, view.byteLength - fixed - record.name.length, true);
}

/** Zip64 Extended Information (section 4.5.3): the values whose 32-bit fields are full, in fixed order. */
function zip64Extra(view: DataView, at: number, values: readonly number[]): void {
  view.setUint16(at, 0x0001, true);
  view.setUint16(at + 2, values.length * 8, true);
  values.forEach((value, index) => view.setBigUint64(at + 4 + index * 8, BigInt(value), true));
}

/** Info-ZIP's extended timestamp: seconds since 1970 in UTC, where the DOS fields know neither zone nor odd seconds. */
function timestampExtra(view: DataView, at: number, modified: Date): void {
  view.setUint16(at, 0x5455, true);
  view.setUint16(at + 2, 5, true);
  view.setUint8(at + 4, 1);
  const seconds = Math.floor(modified.getTime() / 1000);
  view.setInt32(at + 5, Math.min(Math.max(seconds, 0), 0x7fffffff), true);
}

/** MS-DOS date and time in UTC, so that the archive's bytes do not depend on where it was packed. */
function dosDateTime(modified: Date): { date: number; time: number } {
  const year = Math.min(Math.max(modified.getUTCFullYear(), 1980), 2107);
  return {
    date: ((year - 1980) << 9) | ((modified.getUTCMonth() + 1) << 5) | modified.getUTCDate(),
    time: (modified.getUTCHours() << 11) | (modified.getUTCMinutes() << 5) | (modified.getUTCSeconds() >>> 1),
  };
}

/** Where the central directory lies and how many entries it names. */
export interface ZipDirectory {
  readonly entries: number;
  readonly offset: number;
  readonly size: number;
}

export function endRecordsLength(directory: ZipDirectory): number {
  return needsZip64(directory) ? 56 + 20 + 22 : 22;
}

/** Zip64 end record and its locator where needed, then the end of central directory record (4.3.14 to 4.3.16). */
export function endRecords(directory: ZipDirectory): Uint8Array {
  const bytes = new Uint8Array(endRecordsLength(directory));
  const view = new DataView(bytes.buffer);
  if (needsZip64(directory)) zip64EndRecords(view, directory);
  const at = bytes.length - 22;
  view.setUint32(at, 0x06054b50, true);
  view.setUint16(at + 8, Math.min(directory.entries, MAX_16), true);
  view.setUint16(at + 10, Math.min(directory.entries, MAX_16), true);
  view.setUint32(at + 12, Math.min(directory.size, MAX_32), true);
  view.setUint32(at + 16, Math.min(directory.offset, MAX_32), true);
  return bytes;
}

function needsZip64({ entries, offset, size }: ZipDirectory): boolean {
  return entries >= MAX_16 || offset >= MAX_32 || size >= MAX_32;
}

function zip64EndRecords(view: DataView, { entries, offset, size }: ZipDirectory): void {
  view.setUint32(0, 0x06064b50, true);
  view.setBigUint64(4, 44n, true);
  view.setUint16(12, MADE_BY_UNIX | VERSION_ZIP64, true);
  view.setUint16(14, VERSION_ZIP64, true);
  view.setBigUint64(24, BigInt(entries), true);
  view.setBigUint64(32, BigInt(entries), true);
  view.setBigUint64(40, BigInt(size), true);
  view.setBigUint64(48, BigInt(offset), true);
  view.setUint32(56, 0x07064b50, true);
  view.setBigUint64(64, BigInt(offset + size), true);
  view.setUint32(72, 1, true);
}
