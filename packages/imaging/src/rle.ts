import { NoPicture } from './refusals.ts';

interface RleTarget {
  pixels: number;
  samplesPerPixel: number;
  /** Of one sample. */
  bytes: number;
}

/**
 * One RLE frame (PS3.5 annex G) as interleaved little endian samples: a segment for each byte of each sample, the most
 * significant byte first. Written here because the codecs at hand mix up the bytes of samples of more than 8 bits.
 * @throws NoPicture where a segment is missing or ends before the picture does
 */
export function decodeRle(frame: Uint8Array, { pixels, samplesPerPixel, bytes }: RleTarget): Uint8Array {
  if (frame.length < 64) throw new NoPicture('damaged');
  const header = new DataView(frame.buffer, frame.byteOffset, 64);
  const segments = samplesPerPixel * bytes;
  if (header.getUint32(0, true) !== segments || segments > 15) throw new NoPicture('damaged');
  const out = new Uint8Array(pixels * segments);
  for (let segment = 0; segment < segments; segment++) {
    const start = header.getUint32(4 + segment * 4, true);
    const end = segment + 1 < segments ? header.getUint32(8 + segment * 4, true) : frame.length;
    const sample = Math.floor(segment / bytes);
    const first = sample * bytes + (bytes - 1 - (segment % bytes));
    unpackBits(frame.subarray(start, end), { out, first, step: segments });
  }
  return out;
}

/** PackBits (PS3.5 G.3.2), each byte `step` after the one before. */
function unpackBits(
  packed: Uint8Array,
  { out, first, step }: { out: Uint8Array; first: number; step: number },
): void {
  let to = first;
  for (let at = 0; at < packed.length && to < out.length;) {
    const control = packed[at++]!;
    if (control === 128) continue;
    const literal = control < 128;
    const count = literal ? control + 1 : 257 - control;
    if (at + (literal ? count : 1) > packed.length) throw new NoPicture('damaged');
    for (let i = 0; i < count && to < out.length; i++, to += step) out[to] = packed[literal ? at + i : at]!;
    at += literal ? count : 1;
  }
  if (to < out.length) throw new NoPicture('damaged');
}
