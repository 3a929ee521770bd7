import { turnWords } from '@filmpost/dicom/explicit/pieces.ts';
import { EXPLICIT_VR_LITTLE_ENDIAN } from '@filmpost/dicom/transfer-syntaxes.ts';
import { layoutOf } from '../pictures/rules.ts';

/** Whether an instance can be written in Explicit VR Little Endian and is not, as far as the catalogue knows. */
export function mayBeExplicit({
  transferSyntaxUid,
  frameLayout,
}: {
  transferSyntaxUid: string;
  frameLayout: unknown;
}): boolean {
  if (transferSyntaxUid === EXPLICIT_VR_LITTLE_ENDIAN) return false;
  const layout = layoutOf({ frameLayout });
  // Nobody here decodes a recording, and what cannot be told apart cannot be decoded.
  return layout.kind === 'none' ? layout.reason !== 'frames-not-told-apart' : layout.kind !== 'video';
}

/** Frames of less than whole bytes, each beginning with one, as they follow each other without a gap (PS3.5 8.1.1). */
export class BitsJoined {
  /** Bits that do not fill a byte yet, in its lowest. */
  #rest = 0;
  #count = 0;

  /** The whole bytes there are once `bits` of a frame have been added. */
  add(frame: Uint8Array, bits: number): Uint8Array {
    if (this.#count === 0 && bits % 8 === 0) return frame.subarray(0, bits / 8);
    const shift = this.#count;
    const out = new Uint8Array(Math.ceil((shift + bits) / 8));
    const last = Math.ceil(bits / 8) - 1;
    for (let at = 0; at <= last; at++) {
      const meant = at === last && bits % 8 > 0 ? (1 << (bits % 8)) - 1 : 0xff;
      const byte = (frame[at] ?? 0) & meant;
      out[at]! |= byte << shift;
      if (shift > 0 && at + 1 < out.length) out[at + 1]! |= byte >> (8 - shift);
    }
    out[0]! |= this.#rest;
    this.#count = (shift + bits) % 8;
    this.#rest = this.#count > 0 ? out.at(-1)! : 0;
    return this.#count > 0 ? out.subarray(0, -1) : out;
  }

  /** The last byte, filled up with zeros; null when nothing is left over. */
  finish(): Uint8Array | null {
    return this.#count > 0 ? Uint8Array.of(this.#rest) : null;
  }
}

/** Turns every word of a stream round (PS3.5 7.3); its pieces, which may end within a word, are turned in place. */
export async function* wordsTurned(
  pieces: AsyncIterable<Uint8Array>,
  word: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let begun = new Uint8Array();
  for await (const piece of pieces) {
    const bytes = begun.length > 0 ? Buffer.concat([begun, piece]) : piece;
    const whole = bytes.length - (bytes.length % word);
    // A copy: pieces are lent, and a Buffer's own slice would look at the same memory.
    begun = Uint8Array.from(bytes.subarray(whole));
    const turned = bytes.subarray(0, whole);
    turnWords(turned, word);
    if (whole > 0) yield turned;
  }
  if (begun.length > 0) yield begun;
}
