import type { Attributes } from '@filmpost/dicom/attributes.ts';
import type { PixelDataLocation } from '@filmpost/dicom/head.ts';
import { Tag } from '@filmpost/dicom/tags.ts';
import { NoPicture } from './refusals.ts';

/** How the bytes of one frame are to be read: the Image Pixel module (PS3.3 C.7.6.3). A plain JSON value. */
export interface PixelFormat {
  rows: number;
  columns: number;
  samplesPerPixel: number;
  photometricInterpretation: string;
  /** 0: samples of a pixel together; 1: one plane per sample. */
  planarConfiguration: 0 | 1;
  /** 1, 8, 16, 32 or 64. */
  bitsAllocated: number;
  bitsStored: number;
  highBit: number;
  signed: boolean;
  /** Float (7FE0,0008) and Double Float Pixel Data (7FE0,0009). */
  floating: boolean;
  /** OB, OW, OF, OD or UN: big endian files swap the bytes of words, whatever Bits Allocated is (PS3.5 7.3). */
  vr: string;
}

/** Longest frame that is decoded at all, in bytes. A mammogram has 50 MB, a whole-slide tile 1 MB. */
export const MOST_FRAME_BYTES = 256 * 1024 * 1024;

/** Reads the format from an instance's attributes. @throws NoPicture where they describe no picture */
export function pixelFormat(attributes: Attributes, pixelData: PixelDataLocation | null): PixelFormat {
  if (pixelData === null) throw new NoPicture('no-pixels');
  const number = (tag: number, otherwise: number) => attributes.number(tag) ?? otherwise;
  const floatBits = { [Tag.floatPixelData]: 32, [Tag.doubleFloatPixelData]: 64 }[pixelData.tag];
  const bitsAllocated = floatBits ?? number(Tag.bitsAllocated, 0);
  const bitsStored = floatBits ?? number(Tag.bitsStored, bitsAllocated);
  return checkedFormat({
    rows: number(Tag.rows, 0),
    columns: number(Tag.columns, 0),
    samplesPerPixel: number(Tag.samplesPerPixel, 1),
    photometricInterpretation: attributes.text(Tag.photometricInterpretation).trim() || 'MONOCHROME2',
    planarConfiguration: number(Tag.planarConfiguration, 0) === 1 ? 1 : 0,
    bitsAllocated,
    bitsStored,
    highBit: floatBits === undefined ? number(Tag.highBit, bitsStored - 1) : floatBits - 1,
    signed: number(Tag.pixelRepresentation, 0) === 1,
    floating: floatBits !== undefined,
    vr: pixelData.vr,
  });
}

/** Bounds everything that sizes an allocation. @throws NoPicture */
export function checkedFormat(format: PixelFormat): PixelFormat {
  const { rows, columns, samplesPerPixel, bitsAllocated, bitsStored, highBit } = format;
  if (!isWhole(rows, 1, 65535) || !isWhole(columns, 1, 65535)) throw new NoPicture('no-pixels');
  if (samplesPerPixel !== 1 && samplesPerPixel !== 3) throw new NoPicture('unsupported');
  if (![1, 8, 16, 32, 64].includes(bitsAllocated)) throw new NoPicture('unsupported');
  if (!isWhole(bitsStored, 1, bitsAllocated) || !isWhole(highBit, bitsStored - 1, bitsAllocated - 1)) {
    throw new NoPicture('unsupported');
  }
  if (frameBytes(format) > MOST_FRAME_BYTES) throw new NoPicture('too-large');
  return format;
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

/** Bytes of one native frame; one-bit frames are counted up to a whole byte. */
export function frameBytes(format: PixelFormat): number {
  const { rows, columns, samplesPerPixel, bitsAllocated, photometricInterpretation } = format;
  const halved = samplesPerPixel === 3 && photometricInterpretation === 'YBR_FULL_422';
  return Math.ceil((rows * columns * (halved ? 2 : samplesPerPixel) * bitsAllocated) / 8);
}
