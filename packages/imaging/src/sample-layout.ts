/** Moving samples of native frames to where Explicit VR Little Endian has them. */

import { turnWords } from '@filmpost/dicom/explicit/pieces.ts';
import type { PixelFormat } from './pixel-format.ts';
import { NoPicture } from './refusals.ts';

/**
 * Bytes of the words that big endian turns round. Samples of more than a byte are turned as they are; smaller ones lie
 * in words of two bytes where the VR is OW (PS3.5 8.1.1 and annex D).
 */
export function wordBytes({ bitsAllocated, vr }: Pick<PixelFormat, 'bitsAllocated' | 'vr'>): number {
  if (bitsAllocated > 8 && bitsAllocated % 8 === 0) return bitsAllocated / 8;
  return vr === 'OW' ? 2 : 1;
}

/** Big endian pixels the other way round. */
export function littleEndian(bytes: Uint8Array, format: PixelFormat): Uint8Array {
  const size = wordBytes(format);
  if (size === 1) return bytes;
  // A last byte without its neighbour is a pad byte that was swapped in front of it, or nothing.
  const out = new Uint8Array(Math.ceil(bytes.length / size) * size);
  out.set(bytes);
  turnWords(out, size);
  return out;
}

/** Three planes, one after the other, as samples side by side. */
export function interleaved(planes: Uint8Array, sampleBytes: number): Uint8Array {
  const out = new Uint8Array(planes.length);
  const plane = planes.length / 3;
  for (let sample = 0; sample < 3; sample++) {
    for (let byte = 0; byte < sampleBytes; byte++) {
      let to = sample * sampleBytes + byte;
      for (
        let at = sample * plane + byte;
        at < (sample + 1) * plane;
        at += sampleBytes, to += 3 * sampleBytes
      )
        out[to] = planes[at]!;
    }
  }
  return out;
}

/** Decoded samples of one or two bytes, `bits` of them meant, in the size Bits Allocated asks for. */
export function asAllocated(samples: Uint8Array, bits: number, format: PixelFormat): Uint8Array {
  const { bitsAllocated, signed } = format;
  const from = bits <= 8 ? 1 : 2;
  if (bitsAllocated === 1) return packed(samples, bits);
  const to = bitsAllocated / 8;
  if (to === from) return samples;
  if (to < from) throw new NoPicture('damaged');
  const count = samples.length / from;
  const out = new Uint8Array(count * to);
  for (let i = 0; i < count; i++) {
    for (let byte = 0; byte < from; byte++) out[i * to + byte] = samples[i * from + byte]!;
    const negative = signed && (samples[i * from + from - 1]! & 0x80) !== 0;
    if (negative) out.fill(0xff, i * to + from, (i + 1) * to);
  }
  return out;
}

/** Samples of one bit, eight to a byte, the first in the lowest bit (PS3.5 8.1.1). */
function packed(samples: Uint8Array, bits: number): Uint8Array {
  if (bits > 8) throw new NoPicture('damaged');
  const out = new Uint8Array(Math.ceil(samples.length / 8));
  for (let i = 0; i < samples.length; i++) if (samples[i]! !== 0) out[i >> 3]! |= 1 << (i & 7);
  return out;
}
