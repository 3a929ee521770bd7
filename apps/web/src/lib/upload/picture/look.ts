import type { Attributes } from '@filmpost/dicom/attributes.ts';
import { Tag } from '@filmpost/dicom/tags.ts';

/** How the samples of a picture are meant (PS3.3 C.7.6.3) and shown (C.11.2), as far as a small picture needs. */
export interface Look {
  rows: number;
  columns: number;
  samplesPerPixel: 1 | 3;
  /** 8 or 16. */
  bitsAllocated: 8 | 16;
  bitsStored: number;
  signed: boolean;
  /** Samples of a colour lie in planes of their own. */
  planar: boolean;
  colour: 'grey' | 'RGB' | 'YBR';
  /** Small values are bright (MONOCHROME1). */
  inverted: boolean;
  slope: number;
  intercept: number;
  /** In the units of slope and intercept; null where the file has none. */
  window: { centre: number; width: number } | null;
}

const COLOURS: Record<string, Look['colour']> = {
  MONOCHROME1: 'grey',
  MONOCHROME2: 'grey',
  RGB: 'RGB',
  YBR_FULL: 'YBR',
  // Decoders of JPEG 2000 and JPEG give these back as RGB.
  YBR_RCT: 'RGB',
  YBR_ICT: 'RGB',
  YBR_FULL_422: 'YBR',
};
/** Larger than the largest mammogram; more is not decoded for a thumbnail. */
const MOST_PIXELS = 64_000_000;

/** Null for what a small picture is not made of: palettes, one-bit masks, floating point. */
export function lookOf(attributes: Attributes): Look | null {
  const number = (tag: number, otherwise = 0) => attributes.number(tag) ?? otherwise;
  const photometric = attributes.text(Tag.photometricInterpretation).trim() || 'MONOCHROME2';
  const [rows, columns] = [number(Tag.rows), number(Tag.columns)];
  const samplesPerPixel = number(Tag.samplesPerPixel, 1);
  const bitsAllocated = number(Tag.bitsAllocated);
  const colour = COLOURS[photometric];
  if (!colour || !(rows > 0 && columns > 0) || rows * columns > MOST_PIXELS) return null;
  if (bitsAllocated !== 8 && bitsAllocated !== 16) return null;
  if (samplesPerPixel !== (colour === 'grey' ? 1 : 3)) return null;
  const width = attributes.number(Tag.windowWidth);
  const centre = attributes.number(Tag.windowCenter);
  return {
    rows,
    columns,
    samplesPerPixel: colour === 'grey' ? 1 : 3,
    bitsAllocated,
    bitsStored: Math.min(bitsAllocated, Math.max(1, number(Tag.bitsStored, bitsAllocated))),
    signed: number(Tag.pixelRepresentation) === 1,
    planar: number(Tag.planarConfiguration) === 1,
    colour,
    inverted: photometric === 'MONOCHROME1',
    slope: number(Tag.rescaleSlope, 1) || 1,
    intercept: number(Tag.rescaleIntercept),
    window: width !== null && centre !== null && width >= 1 ? { centre, width } : null,
  };
}
