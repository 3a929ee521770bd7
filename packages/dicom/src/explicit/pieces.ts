/** What a file in another transfer syntax consists of, so that it can be sent without being held. */

/** A stretch of the stored file, or of its inflated data set, in bytes. */
export interface Stretch {
  offset: number;
  length: number;
  /** Bytes of each word, which is turned round; 1 where the bytes stay as they are. */
  word: number;
}

/** Bytes as they are to be sent, or where they lie. */
export type Piece = Uint8Array | Stretch;

export function lengthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

/** Turns every whole word round, in place (PS3.5 section 7.3). */
export function turnWords(bytes: Uint8Array, word: number): void {
  if (word === 2) return turnPairs(bytes);
  if (word > 1)
    for (let at = 0; at + word <= bytes.length; at += word) bytes.subarray(at, at + word).reverse();
}

function turnPairs(bytes: Uint8Array): void {
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    const first = bytes[at]!;
    bytes[at] = bytes[at + 1]!;
    bytes[at + 1] = first;
  }
}
