import type { Look } from './look.ts';

/** The frame ends before its picture does. */
export class BrokenRle extends Error {
  constructor() {
    super('The frame is damaged.');
    this.name = 'BrokenRle';
  }
}

/**
 * One RLE frame (PS3.5 annex G) as little endian samples, a plane for each colour: a segment for each byte of each
 * sample, the most significant byte first. @throws BrokenRle
 */
export function unpackRle(
  frame: Uint8Array,
  { rows, columns, samplesPerPixel, bitsAllocated }: Look,
): Uint8Array<ArrayBuffer> {
  const width = bitsAllocated / 8;
  const segments = samplesPerPixel * width;
  const pixels = rows * columns;
  if (frame.length < 64) throw new BrokenRle();
  const header = new DataView(frame.buffer, frame.byteOffset, 64);
  if (header.getUint32(0, true) !== segments) throw new BrokenRle();
  const out = new Uint8Array(pixels * segments);
  for (let segment = 0; segment < segments; segment++) {
    const start = header.getUint32(4 + segment * 4, true);
    const end = segment + 1 < segments ? header.getUint32(8 + segment * 4, true) : frame.length;
    const plane = Math.floor(segment / width) * pixels * width;
    const first = plane + (width - 1 - (segment % width));
    unpackBits(frame.subarray(start, end), out.subarray(first, plane + pixels * width), width);
  }
  return out;
}

/** PackBits (PS3.5 G.3.2), each byte `step` after the one before. */
function unpackBits(packed: Uint8Array, out: Uint8Array, step: number): void {
  let to = 0;
  for (let at = 0; at < packed.length && to < out.length;) {
    const control = packed[at++] ?? 128;
    if (control === 128) continue;
    const literal = control < 128;
    const count = literal ? control + 1 : 257 - control;
    for (let i = 0; i < count && to < out.length; i++, to += step)
      out[to] = packed[literal ? at + i : at] ?? 0;
    at += literal ? count : 1;
  }
  if (to < out.length) throw new BrokenRle();
}
