/** The fragments of encapsulated pixel data (PS3.5 A.4), found by their item headers alone. */

/** Reads up to `length` bytes at `offset`; fewer only at the end of what there is. */
export type ReadAt = (offset: number, length: number) => Uint8Array;

export interface Fragment {
  /** Where its item header begins; offset tables count to here. */
  header: number;
  offset: number;
  length: number;
}

export interface Fragments {
  fragments: Fragment[];
  /** The Basic Offset Table; empty when there is none. */
  basicOffsets: number[];
  /** What offset tables count from: the item header after the Basic Offset Table. */
  base: number;
  /** The sequence delimiter was reached. */
  closed: boolean;
}

const ITEM = 0xfffee000;
const WINDOW = 1024;
/** More than any recording has; keeps a hostile file from filling memory. */
const MOST_FRAGMENTS = 1_000_000;

interface ItemHeader {
  isItem: boolean;
  length: number;
}

/** Reads item headers, several from one read where they lie close together. */
function headerReader(readAt: ReadAt): (at: number) => ItemHeader | null {
  let window = new Uint8Array(0);
  let from = 0;
  return (at) => {
    if (at < from || at + 8 > from + window.length) {
      window = new Uint8Array(readAt(at, WINDOW));
      from = at;
    }
    if (window.length - (at - from) < 8) return null;
    const view = new DataView(window.buffer, window.byteOffset + at - from, 8);
    const tag = view.getUint16(0, true) * 0x10000 + view.getUint16(2, true);
    return { isItem: tag === ITEM, length: view.getUint32(4, true) };
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
  if (table === null || !table.isItem) return { fragments: [], basicOffsets: [], base: start, closed: false };
  const base = start + 8 + table.length;
  const basicOffsets = readOffsets(readAt, start + 8, Math.min(table.length, Math.max(0, end - start - 8)));
  const fragments: Fragment[] = [];
  let at = base;
  while (at + 8 <= end && fragments.length < MOST_FRAGMENTS) {
    const header = headerAt(at);
    if (header === null || !header.isItem) return { fragments, basicOffsets, base, closed: header !== null };
    const length = Math.min(header.length, end - at - 8);
    fragments.push({ header: at, offset: at + 8, length });
    at += 8 + header.length;
  }
  return { fragments, basicOffsets, base, closed: false };
}

/** First bytes of a frame: JPEG and JPEG-LS (SOI), JPEG 2000 codestream (SOC SIZ), JP2 box, JPEG XL. */
const STARTS = [
  [0xff, 0xd8, 0xff],
  [0xff, 0x4f, 0xff, 0x51],
  [0, 0, 0, 0x0c, 0x6a, 0x50],
  [0xff, 0x0a],
];

/** Tells whether a fragment begins a frame by its first bytes. */
export function frameStarts(readAt: ReadAt): (fragment: Fragment) => boolean {
  return ({ offset, length }) => {
    const bytes = readAt(offset, Math.min(length, 6));
    return STARTS.some((start) => start.every((byte, index) => bytes[index] === byte));
  };
}
