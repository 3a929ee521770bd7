/** Side of one square of the pattern, in pixels. */
export const PATTERN_SQUARE = 16;

/**
 * The pixel pattern of an instance, 12 bits unsigned: squares of 16 pixels, light or dark as the bits of the
 * instance number, four squares by four and repeated over the picture, each with a fine texture of its own. No
 * two instance numbers up to 65,535 share a picture of 64 × 64, and the number survives window/level, scaling
 * and a screenshot (`instanceNumberIn`).
 */
export function patternAt(instanceNumber: number, x: number, y: number): number {
  const column = Math.floor(x / PATTERN_SQUARE) % 4;
  const row = Math.floor(y / PATTERN_SQUARE) % 4;
  const light = (instanceNumber >>> (row * 4 + column)) & 1;
  return (light ? 3000 : 700) + ((instanceNumber * 31 + x * 7 + y * 13) & 0xff);
}

/** Reads the instance number back from a picture of at least 64 × 64, in any monotonous grey scale. */
export function instanceNumberIn(grey: (x: number, y: number) => number, threshold: number): number {
  let instanceNumber = 0;
  for (let bit = 0; bit < 16; bit++) {
    const x = ((bit % 4) + 0.5) * PATTERN_SQUARE;
    const y = (Math.floor(bit / 4) + 0.5) * PATTERN_SQUARE;
    if (grey(x, y) > threshold) instanceNumber |= 1 << bit;
  }
  return instanceNumber;
}

export interface Picture {
  readonly rows: number;
  readonly columns: number;
  readonly bitsAllocated: 8 | 16;
  readonly frames?: number;
}

/**
 * Native little endian pixels of the pattern. Frame `f` (1-based) of a multi-frame instance shows the pattern of
 * `instanceNumber + f - 1`; at 8 bits the pattern's upper 8 of 12 bits remain.
 */
export function patternPixels(instanceNumber: number, picture: Picture): Uint8Array {
  const { rows, columns, bitsAllocated, frames = 1 } = picture;
  const pixels =
    bitsAllocated === 8 ? new Uint8Array(rows * columns * frames) : new Uint16Array(rows * columns * frames);
  const shift = bitsAllocated === 8 ? 4 : 0;
  let at = 0;
  for (let frame = 0; frame < frames; frame++) {
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) pixels[at++] = patternAt(instanceNumber + frame, x, y) >>> shift;
    }
  }
  return new Uint8Array(pixels.buffer);
}
