/** Colour frames as interleaved 8-bit RGB (PS3.3 C.7.6.3.1.2). */

import { type LookupTable, lookupOf } from './lookup-tables.ts';
import type { PixelFormat } from './pixel-format.ts';
import { NoPicture } from './refusals.ts';
import type { StoredValues } from './stored-values.ts';

export function paletteColours(values: StoredValues, palette: LookupTable[]): Uint8Array {
  const channels = palette.map((table) => {
    // Sixteen bits are announced by some writers of eight: a palette is never that dark.
    const deep = table.bits > 8 && table.entries.some((entry) => entry > 255);
    return {
      ...table,
      entries: deep ? table.entries.map((entry) => entry >> (table.bits - 8)) : table.entries,
    };
  });
  const out = new Uint8Array(values.length * 3);
  for (let i = 0; i < values.length; i++) {
    for (let channel = 0; channel < 3; channel++)
      out[i * 3 + channel] = lookupOf(channels[channel]!, values[i]!);
  }
  return out;
}

/** RGB, YBR_FULL or native YBR_FULL_422 samples as RGB. @throws NoPicture for other colours */
export function colours(values: StoredValues, format: PixelFormat): Uint8Array {
  const eight = asBytes(values, format);
  switch (format.photometricInterpretation) {
    case 'YBR_FULL_422':
      return fromYbr(unhalved(eight, format));
    case 'YBR_FULL':
      return fromYbr(together(eight, format));
    case 'RGB':
    case 'YBR_RCT':
    case 'YBR_ICT':
      return together(eight, format);
    default:
      throw new NoPicture('unsupported');
  }
}

function asBytes(values: StoredValues, { bitsStored, floating, signed }: PixelFormat): Uint8Array {
  if (floating || signed) throw new NoPicture('unsupported');
  if (values instanceof Uint8Array && bitsStored === 8) return values;
  const brightest = 2 ** bitsStored - 1;
  return Uint8Array.from(values, (value) => Math.round((value * 255) / brightest));
}

function together(samples: Uint8Array, { planarConfiguration, rows, columns }: PixelFormat): Uint8Array {
  if (planarConfiguration === 0) return samples;
  const plane = rows * columns;
  const out = new Uint8Array(plane * 3);
  for (let i = 0; i < plane; i++) {
    for (let sample = 0; sample < 3; sample++) out[i * 3 + sample] = samples[sample * plane + i]!;
  }
  return out;
}

/** Y, Y, Cb, Cr for each two pixels of a row: both take the colour of the first. */
function unhalved(samples: Uint8Array, { rows, columns }: PixelFormat): Uint8Array {
  const out = new Uint8Array(rows * columns * 3);
  for (let pixel = 0; pixel < rows * columns; pixel++) {
    const pair = (pixel >> 1) * 4;
    out[pixel * 3] = samples[pair + (pixel & 1)]!;
    out[pixel * 3 + 1] = samples[pair + 2]!;
    out[pixel * 3 + 2] = samples[pair + 3]!;
  }
  return out;
}

function fromYbr(samples: Uint8Array): Uint8Array {
  const out = new Uint8ClampedArray(samples.length);
  for (let i = 0; i < samples.length; i += 3) {
    const y = samples[i]!;
    const b = samples[i + 1]! - 128;
    const r = samples[i + 2]! - 128;
    out[i] = y + 1.402 * r;
    out[i + 1] = y - 0.344136 * b - 0.714136 * r;
    out[i + 2] = y + 1.772 * b;
  }
  return new Uint8Array(out.buffer);
}
