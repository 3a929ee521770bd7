/** Where the pixels lie and whether there are as many as the header promises. */

import type { Attributes } from './attributes.ts';
import type { Element } from './data-set.ts';
import type { PixelDataLocation } from './head.ts';
import { Tag } from './tags.ts';
import { vrLetters } from './vr.ts';
import type { HeadWarning } from './warnings.ts';

const UNDEFINED_LENGTH = 0xffffffff;

/** Where the pixel data element's value lies in `size` bytes. */
export function pixelDataLocation(element: Element, size: number): PixelDataLocation {
  const encapsulated = element.length === UNDEFINED_LENGTH;
  const held = Math.max(0, size - element.start);
  const length = encapsulated ? held : Math.min(element.length, held);
  return { tag: element.tag, vr: vrLetters(element.vr), offset: element.start, length, encapsulated };
}

/** Bits of one frame of native pixels as the attributes have it (PS3.3 C.7.6.3). */
export function nativeFrameBits(attributes: Attributes): number {
  const rows = attributes.number(Tag.rows) ?? 0;
  const columns = attributes.number(Tag.columns) ?? 0;
  const samples = attributes.number(Tag.samplesPerPixel) ?? 1;
  const bits = attributes.number(Tag.bitsAllocated) ?? 0;
  const halved = samples === 3 && attributes.text(Tag.photometricInterpretation) === 'YBR_FULL_422';
  return rows * columns * (halved ? 2 : samples) * bits;
}

/** Number of Frames, 1 where it is absent or senseless. */
export function frameCount(attributes: Attributes): number {
  const count = attributes.number(Tag.numberOfFrames) ?? 1;
  return Number.isSafeInteger(count) && count > 0 ? count : 1;
}

/** What is amiss with native pixel data in `size` bytes; of encapsulated data only a walk would tell. */
export function pixelWarnings(element: Element | null, attributes: Attributes, size: number): HeadWarning[] {
  if (element === null || element.length === UNDEFINED_LENGTH) return [];
  if (element.start + element.length > size) return ['pixel-data-cut-off'];
  const expected = Math.ceil((nativeFrameBits(attributes) * frameCount(attributes)) / 8);
  return element.length < expected ? ['pixel-data-short'] : [];
}
