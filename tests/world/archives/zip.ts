import { crc32, deflateRawSync } from 'node:zlib';

/** What a hostile or broken archive says of an entry instead of the truth. */
export interface ZipLies {
  size?: number;
  packedSize?: number;
  crc32?: number;
  method?: number;
  flags?: number;
  /** Where the directory says that it lies: the place of another entry, say. */
  offset?: number;
  /** Upper half of the external attributes, and made by Unix. */
  mode?: number;
}

export interface ZipContent {
  name: string | Uint8Array;
  bytes: Uint8Array;
  deflated?: boolean;
  /** Sizes and checksum follow the data instead of standing before it, as streaming programs write. */
  descriptor?: boolean;
  /** Sizes and offset stand in ZIP64 fields though they would fit elsewhere. */
  zip64?: boolean;
  lies?: ZipLies;
}

export interface ZipTraits {
  comment?: string;
  /** Stands before the archive, as a self-extractor does. */
  before?: Uint8Array;
  /** ZIP64 end records though nothing is large. */
  zip64?: boolean;
  /** Number of this disk of a set. */
  disk?: number;
}

const FULL = 0xffffffff;
const UTF8 = 0x0800;

/** An archive as programs write them (PKWARE APPNOTE.TXT 6.3.10), or as nobody should. */
export function aZip(contents: readonly ZipContent[], traits: ZipTraits = {}): Buffer {
  const pieces: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const content of contents) {
    const entry = entryOf(content, offset);
    pieces.push(entry.local);
    directory.push(entry.central);
    offset += entry.local.length;
  }
  const central = Buffer.concat(directory);
  const end = endOf({ entries: contents.length, size: central.length, offset }, traits);
  return Buffer.concat([traits.before ?? Buffer.alloc(0), ...pieces, central, end]);
}

function entryOf(content: ZipContent, at: number) {
  const { bytes, deflated = false, descriptor = false, zip64 = false, lies = {} } = content;
  const name = typeof content.name === 'string' ? Buffer.from(content.name) : Buffer.from(content.name);
  const packed = deflated ? deflateRawSync(bytes) : Buffer.from(bytes);
  const told = {
    flags: (typeof content.name === 'string' ? UTF8 : 0) | (descriptor ? 8 : 0),
    method: deflated ? 8 : 0,
    crc32: crc32(bytes),
    packedSize: packed.length,
    size: bytes.length,
    offset: at,
    mode: 0,
    ...lies,
  };
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  common(local, 4, told);
  if (descriptor) local.fill(0, 14, 26);
  local.writeUInt16LE(name.length, 26);
  const trailer = Buffer.alloc(descriptor ? 16 : 0);
  if (descriptor) {
    trailer.writeUInt32LE(0x08074b50, 0);
    numbers(trailer, 4, told);
  }
  return { local: Buffer.concat([local, name, packed, trailer]), central: centralOf(told, name, zip64) };
}

type Told = Required<ZipLies>;

function centralOf(told: Told, name: Buffer, zip64: boolean): Buffer {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(told.mode ? 0x0314 : 20, 4);
  common(header, 6, zip64 ? { ...told, size: FULL, packedSize: FULL } : told);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt16LE(told.mode, 40);
  header.writeUInt32LE(zip64 ? FULL : told.offset, 42);
  if (!zip64) return Buffer.concat([header, name]);
  const extra = Buffer.alloc(28);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(24, 2);
  [told.size, told.packedSize, told.offset].forEach((value, i) =>
    extra.writeBigUInt64LE(BigInt(value), 4 + i * 8),
  );
  header.writeUInt16LE(extra.length, 30);
  return Buffer.concat([header, name, extra]);
}

function common(header: Buffer, at: number, told: Told): void {
  header.writeUInt16LE(20, at);
  header.writeUInt16LE(told.flags, at + 2);
  header.writeUInt16LE(told.method, at + 4);
  header.writeUInt16LE(0x21, at + 8);
  numbers(header, at + 10, told);
}

function numbers(header: Buffer, at: number, told: Told): void {
  header.writeUInt32LE(told.crc32, at);
  header.writeUInt32LE(Math.min(told.packedSize, FULL), at + 4);
  header.writeUInt32LE(Math.min(told.size, FULL), at + 8);
}

function endOf(
  { entries, size, offset }: { entries: number; size: number; offset: number },
  { comment = '', zip64 = false, disk = 0, before }: ZipTraits,
): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(disk, 4);
  end.writeUInt16LE(zip64 ? 0xffff : entries, 8);
  end.writeUInt16LE(zip64 ? 0xffff : entries, 10);
  end.writeUInt32LE(zip64 ? FULL : size, 12);
  end.writeUInt32LE(zip64 ? FULL : offset, 16);
  end.writeUInt16LE(Buffer.byteLength(comment), 20);
  const tail = Buffer.concat([end, Buffer.from(comment)]);
  if (!zip64) return tail;
  const record = Buffer.alloc(76);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  [entries, entries, size, offset].forEach((value, i) => record.writeBigUInt64LE(BigInt(value), 24 + i * 8));
  record.writeUInt32LE(0x07064b50, 56);
  record.writeBigUInt64LE(BigInt(offset + size + (before?.length ?? 0)), 64);
  record.writeUInt32LE(1, 72);
  return Buffer.concat([record, tail]);
}
