/** The grey scale pipeline: stored values, modality, values of interest, shades (PS3.4 N.2). */

import type { FrameDescription, Window } from './description.ts';
import { lookupOf } from './lookup-tables.ts';
import type { PixelFormat } from './pixel-format.ts';
import type { StoredValues } from './stored-values.ts';

type Curve = (value: number) => number;

/** Shades 0 to 255 of a monochrome frame. A window asked for counts before those of the image. */
export function greyShades(
  values: StoredValues,
  description: FrameDescription,
  asked: Window | null,
): Uint8Array {
  const modality = modalityCurve(description);
  const voi = voiCurve(values, { description, modality, asked });
  const inverse = description.format.photometricInterpretation === 'MONOCHROME1';
  const shade = (stored: number) => {
    const bright = Math.round(voi(modality(stored)));
    return inverse ? 255 - bright : bright;
  };
  return mapped(values, description.format, shade);
}

/** The window that a frame without one is shown by: what a hand on the mouse begins with. */
export function startingWindow(values: StoredValues, description: FrameDescription): Window {
  const { voiTable, window } = description;
  if (window) return window;
  const [least, most] = voiTable
    ? [voiTable.first, voiTable.first + voiTable.entries.length - 1]
    : rangeOf(values, description, modalityCurve(description));
  return { center: (least + most) / 2, width: Math.max(1, most - least), shape: 'linear-exact' };
}

/** By a table where a table is smaller than the picture. */
function mapped(values: StoredValues, { bitsStored, signed }: PixelFormat, shade: Curve): Uint8Array {
  const out = new Uint8Array(values.length);
  if (bitsStored > 16 || values.length < 2 ** bitsStored) {
    for (let i = 0; i < values.length; i++) out[i] = shade(values[i]!);
    return out;
  }
  const least = signed ? -(2 ** (bitsStored - 1)) : 0;
  const table = Uint8Array.from({ length: 2 ** bitsStored }, (_, at) => shade(at + least));
  for (let i = 0; i < values.length; i++) out[i] = table[values[i]! - least]!;
  return out;
}

function modalityCurve({ modalityTable, slope, intercept }: FrameDescription): Curve {
  if (modalityTable) return (stored) => lookupOf(modalityTable, stored);
  return (stored) => stored * slope + intercept;
}

function voiCurve(
  values: StoredValues,
  { description, modality, asked }: { description: FrameDescription; modality: Curve; asked: Window | null },
): Curve {
  const window = asked ?? description.window;
  if (window) return windowCurve(window);
  const { voiTable } = description;
  if (voiTable) {
    const brightest = 2 ** voiTable.bits - 1;
    return (value) => Math.min(255, (lookupOf(voiTable, value) * 255) / brightest);
  }
  const [least, most] = rangeOf(values, description, modality);
  return most > least ? rampCurve(least, most) : (value) => (value > least ? 255 : 0);
}

/** 0 at `least`, 255 at `most`. */
function rampCurve(least: number, most: number): Curve {
  return (value) => {
    if (!(value > least)) return 0;
    return value >= most ? 255 : ((value - least) / (most - least)) * 255;
  };
}

/** PS3.3 C.11.2.1.2 and C.11.2.1.3. */
export function windowCurve({ center, width, shape }: Window): Curve {
  if (shape === 'sigmoid') return (value) => 255 / (1 + Math.exp((-4 * (value - center)) / width)) || 0;
  const [middle, span] = shape === 'linear' ? [center - 0.5, width - 1] : [center, width];
  return rampCurve(middle - span / 2, middle + span / 2);
}

/**
 * The range to show where nobody says which: all that pixels of eight bits can be, which is how screens and cameras
 * write them; of deeper ones, what this frame holds beside padding.
 */
function rangeOf(
  values: StoredValues,
  { format, padding, modalityTable }: FrameDescription,
  modality: Curve,
): [number, number] {
  if (format.bitsStored <= 8 && !format.signed && !modalityTable) {
    const ends = [modality(0), modality(2 ** format.bitsStored - 1)];
    return [Math.min(...ends), Math.max(...ends)];
  }
  let least = Infinity;
  let most = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const stored = values[i]!;
    if (padding && stored >= padding[0] && stored <= padding[1]) continue;
    const value = modality(stored);
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [least, most];
}
