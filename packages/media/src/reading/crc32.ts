/** CRC-32 as ZIP has it (APPNOTE.TXT 4.4.7): ISO 3309, polynomial 0xedb88320. */

const SLICES = 8;
/** Eight tables of 256, one for each byte of a step of eight. */
const TABLE = new Uint32Array(SLICES * 256);
for (let value = 0; value < 256; value++) {
  let crc = value;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  TABLE[value] = crc;
}
for (let at = 256; at < TABLE.length; at++) {
  const last = TABLE[at - 256]!;
  TABLE[at] = TABLE[last & 0xff]! ^ (last >>> 8);
}

/**
 * The checksum of `bytes`, or of everything so far when given that of what came before.
 * @param before unsigned, 0 at the beginning
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let crc = ~before;
  let at = 0;
  for (const end = bytes.length - 7; at < end; at += SLICES) {
    const low = view.getUint32(at, true) ^ crc;
    const high = view.getUint32(at + 4, true);
    crc =
      TABLE[0x700 | (low & 0xff)]! ^
      TABLE[0x600 | ((low >>> 8) & 0xff)]! ^
      TABLE[0x500 | ((low >>> 16) & 0xff)]! ^
      TABLE[0x400 | (low >>> 24)]! ^
      TABLE[0x300 | (high & 0xff)]! ^
      TABLE[0x200 | ((high >>> 8) & 0xff)]! ^
      TABLE[0x100 | ((high >>> 16) & 0xff)]! ^
      TABLE[high >>> 24]!;
  }
  for (; at < bytes.length; at++) crc = TABLE[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}
