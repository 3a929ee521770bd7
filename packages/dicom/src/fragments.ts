/** The fragments of encapsulated pixel data (PS3.5 A.4), found by their item headers alone. */

/** Reads up to `length` bytes at `offset`; fewer only at the end of what there is. */
export type ReadAt = (offset: number, length: number) => Uint8Array;

/** A run of items, each beginning where the one before ends. */
export interface Fragments {
  /** Where the item header of the first fragment begins; offset tables count from here. */
  first: number;
  /** Bytes of each fragment, without its item header. */
  lengths: number[];
  /** The Basic Offset Table; empty when there is none. */
  basicOffsets: number[];
  /** Which fragments begin with what a frame of some codec begins with. */
  starts: Set<number>;
}

const ITEM = 0xfffee000;
export const ITEM_HEADER = 8;
const WINDOW = 1024;
/** More than any recording has; keeps a hostile file from filling memory. */
export const MOST_FRAGMENTS = 1_000_000;

/** First bytes of a frame: JPEG and JPEG-LS (SOI), JPEG 2000 codestream (SOC SIZ), JP2 box, JPEG XL. */
const STARTS = [
  [0xff, 0xd8, 0xff],
  [0xff, 0x4f, 0xff, 0x51],
  [0, 0, 0, 0x0c, 0x6a, 0x50],
  [0xff, 0x0a],
];
const LONGEST_START = 6;

interface ItemHeader {
  isItem: boolean;
  length: number;
  /** Its first bytes are those of a frame. */
  begins: boolean;
}

/** Reads item headers with the bytes behind them, several from one read where they lie close together. */
function headerReader(readAt: ReadAt): (at: number) => ItemHeader | null {
  let window = new Uint8Array(0);
  let from = 0;
  return (at) => {
    if (at < from || at + ITEM_HEADER + LONGEST_START > from + window.length) {
      window = new Uint8Array(readAt(at, WINDOW));
      from = at;
    }
    const held = window.length - (at - from);
    if (held < ITEM_HEADER) return null;
    const view = new DataView(window.buffer, window.byteOffset + at - from, held);
    const tag = view.getUint16(0, true) * 0x10000 + view.getUint16(2, true);
    const length = view.getUint32(4, true);
    const byte = (index: number) => (index < Math.min(length, held - 8) ? view.getUint8(8 + index) : -1);
    const begins = STARTS.some((start) => start.every((expected, index) => byte(index) === expected));
    return { isItem: tag === ITEM, length, begins };
  };
}

/** The 32-bit numbers of a Basic Offset Table. */
function readOffsets(readAt: ReadAt, offset: number, length: number): number[] {
  if (length < 4 || length > MOST_FRAGMENTS * 4) return [];
  const bytes = readAt(offset, length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length >> 2 }, (_, index) => view.getUint32(index * 4, true));
}

/** Walks from `start`, the first item header, to the delimiter or to `end`. A last fragment cut off is cut. */
export function walkFragments(start: number, end: number, readAt: ReadAt): Fragments {
  const headerAt = headerReader(readAt);
  const table = headerAt(start);
  const found: Fragments = { first: start, lengths: [], basicOffsets: [], starts: new Set() };
  if (table === null || !table.isItem) return found;
  found.first = start + ITEM_HEADER + table.length;
  const held = Math.min(table.length, Math.max(0, end - start - ITEM_HEADER));
  found.basicOffsets = readOffsets(readAt, start + ITEM_HEADER, held);
  for (let at = found.first; at + ITEM_HEADER <= end && found.lengths.length < MOST_FRAGMENTS;) {
    const header = headerAt(at);
    if (header === null || !header.isItem) break;
    if (header.begins) found.starts.add(found.lengths.length);
    found.lengths.push(Math.min(header.length, end - at - ITEM_HEADER));
    at += ITEM_HEADER + header.length;
  }
  return found;
}
