/** Side of every field in samples; fields repeat beyond it, so any offset may be read. */
export const FIELD_SIDE = 512;
const MASK = FIELD_SIDE - 1;

/** Numbers in [0, 1) that depend on the seed alone (mulberry32). */
export function randomFrom(seed: string): () => number {
  let state = 0x811c9dc5;
  for (const character of seed) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/**
 * A smooth random field, 512 × 512, tileable, of mean 0 and standard deviation 1. White noise passed three times
 * through a box, which is close to a Gaussian.
 *
 * @param radius of the box in samples; 0 leaves white noise, structures are about four radii wide
 */
export function smoothField(seed: string, radius: number): Float32Array {
  const random = randomFrom(seed);
  let field = Float32Array.from(
    { length: FIELD_SIDE * FIELD_SIDE },
    () => random() + random() + random() - 1.5,
  );
  for (let pass = 0; pass < 3 && radius > 0; pass++) {
    field = boxed(boxed(field, radius, { step: 1, line: FIELD_SIDE }), radius, { step: FIELD_SIDE, line: 1 });
  }
  return standardised(field);
}

/** The sample at integer coordinates, wrapped around. */
export function sampleAt(field: Float32Array, column: number, row: number): number {
  return field[((row & MASK) << 9) | (column & MASK)] ?? 0;
}

function boxed(
  field: Float32Array,
  radius: number,
  along: { step: number; line: number },
): Float32Array<ArrayBuffer> {
  const out = new Float32Array(field.length);
  const at = (line: number, index: number) => field[line * along.line + (index & MASK) * along.step] ?? 0;
  for (let line = 0; line < FIELD_SIDE; line++) {
    let sum = 0;
    for (let index = -radius; index <= radius; index++) sum += at(line, index);
    for (let index = 0; index < FIELD_SIDE; index++) {
      out[line * along.line + index * along.step] = sum;
      sum += at(line, index + radius + 1) - at(line, index - radius);
    }
  }
  return out;
}

function standardised(field: Float32Array<ArrayBuffer>): Float32Array {
  const mean = field.reduce((sum, value) => sum + value, 0) / field.length;
  const variance = field.reduce((sum, value) => sum + (value - mean) ** 2, 0) / field.length;
  const scale = 1 / Math.sqrt(variance);
  return field.map((value) => (value - mean) * scale);
}
