import { colours, paletteColours } from './colour.ts';
import type { NativeFrame } from './decode.ts';
import type { FrameDescription, Window } from './description.ts';
import { greyShades } from './grey.ts';
import type { Raster } from './raster.ts';
import { NoPicture } from './refusals.ts';
import { storedValues } from './stored-values.ts';

/** All pixels of a decoded frame as shades or colours. */
export function rasterOf(native: NativeFrame, description: FrameDescription, window: Window | null): Raster {
  const { rows, columns, samplesPerPixel, photometricInterpretation } = native.format;
  const values = storedValues(native);
  if (samplesPerPixel === 3) return { rows, columns, channels: 3, samples: colours(values, native.format) };
  if (photometricInterpretation !== 'PALETTE COLOR')
    return { rows, columns, channels: 1, samples: greyShades(values, description, window) };
  if (!description.palette) throw new NoPicture('unsupported');
  return { rows, columns, channels: 3, samples: paletteColours(values, description.palette) };
}
