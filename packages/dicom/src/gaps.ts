/** Long values that nobody needs at hand: left out of the bytes that are read, counted in where bytes are located. */

/** A value left out of the beginning of a file. */
export interface Gap {
  /** Index, in the bytes at hand, of the byte that follows the value. */
  at: number;
  /** Bytes left out. */
  length: number;
}

/** Bytes left out in all. */
export function gapBytes(gaps: readonly Gap[]): number {
  return gaps.reduce((sum, { length }) => sum + length, 0);
}

/** Where the value that begins at an index of the bytes at hand begins in the file. */
export function fileOffset(gaps: readonly Gap[], index: number): number {
  let offset = index;
  for (const { at, length } of gaps) if (at < index) offset += length;
  return offset;
}

/** The stretches of the file that give the first `needed` bytes without the gaps: pairs of offset and length. */
export function stretchesAround(gaps: readonly Gap[], needed: number): [offset: number, length: number][] {
  const stretches: [offset: number, length: number][] = [];
  let index = 0;
  let offset = 0;
  for (const { at, length } of [...gaps, { at: needed, length: 0 }]) {
    const held = Math.min(at, needed) - index;
    if (held > 0) stretches.push([offset, held]);
    index += held;
    offset += held + length;
  }
  return stretches;
}
