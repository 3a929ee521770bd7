/**
 * A pack: many small files travelling as one tus upload, because a browser pays per request, not per byte.
 *
 *     "FPK1" | index length, uint32 little endian | index, UTF-8 JSON [[name, size, sha256], …] | the files, end to end
 *
 * The index comes first, so what a pack holds, and its identity, are known before its bytes are. The digest of a file
 * (SHA-256, hexadecimal) is its sender's promise; it may be left out. Pure.
 */
const MAGIC = [0x46, 0x50, 0x4b, 0x31];
const HEADER_BYTES = 8;
const MOST_INDEX_BYTES = 4 * 1024 * 1024;

/** A file within a pack; `offset` counts from the pack's first byte. Sizes in bytes. */
export interface PackEntry {
  name: string;
  offset: number;
  size: number;
  /** As its sender read it; hexadecimal. Null from senders that promise nothing. */
  sha256: string | null;
}

/** The bytes are no pack, or one whose index does not fit its length. */
export class MalformedPack extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MalformedPack';
  }
}

/** The pack's first bytes for these files; the files themselves follow in the same order. */
export function packHead(
  files: readonly { name: string; size: number; sha256?: string }[],
): Uint8Array<ArrayBuffer> {
  const rows = files.map(({ name, size, sha256 }) => (sha256 ? [name, size, sha256] : [name, size]));
  const index = new TextEncoder().encode(JSON.stringify(rows));
  const head = new Uint8Array(HEADER_BYTES + index.length);
  head.set(MAGIC);
  new DataView(head.buffer).setUint32(4, index.length, true);
  head.set(index, HEADER_BYTES);
  return head;
}

/** True when `bytes` begin like a pack. Eight bytes suffice. */
export function isPack(bytes: Uint8Array): boolean {
  return bytes.length >= HEADER_BYTES && MAGIC.every((byte, i) => bytes[i] === byte);
}

/** Length of everything before the first file. Needs the first eight bytes. @throws MalformedPack */
export function packHeadLength(bytes: Uint8Array): number {
  if (!isPack(bytes)) throw new MalformedPack('This is not a pack.');
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(4, true);
  if (length > MOST_INDEX_BYTES) throw new MalformedPack('The index of this pack is too long.');
  return HEADER_BYTES + length;
}

/** The files of a pack of `packSize` bytes from its whole head. @throws MalformedPack */
export function packEntries(head: Uint8Array, packSize: number): PackEntry[] {
  const headLength = packHeadLength(head);
  if (head.length < headLength) throw new MalformedPack('The index of this pack is cut off.');
  const index = parseIndex(new TextDecoder().decode(head.subarray(HEADER_BYTES, headLength)));
  let offset = headLength;
  const entries = index.map(([name, size, sha256 = null]) => {
    const entry = { name, size, offset, sha256 };
    offset += size;
    return entry;
  });
  if (offset !== packSize) throw new MalformedPack('The files of this pack do not add up to its length.');
  return entries;
}

type IndexRow = [name: string, size: number, sha256?: string];

function parseIndex(text: string): IndexRow[] {
  let index: unknown;
  try {
    index = JSON.parse(text);
  } catch {
    throw new MalformedPack('The index of this pack cannot be read.');
  }
  if (!Array.isArray(index) || !index.every(isIndexRow)) {
    throw new MalformedPack('The index of this pack cannot be read.');
  }
  return index;
}

function isIndexRow(row: unknown): row is IndexRow {
  if (!Array.isArray(row)) return false;
  const [name, size, sha256]: unknown[] = row;
  return (
    typeof name === 'string' &&
    Number.isSafeInteger(size) &&
    Number(size) >= 0 &&
    (sha256 === undefined || (typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256)))
  );
}
