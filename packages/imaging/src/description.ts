import type { Attributes } from '@filmpost/dicom/attributes.ts';
import type { Head } from '@filmpost/dicom/head.ts';
import { Tag } from '@filmpost/dicom/tags.ts';
import { type LookupTable, type TableSource, lookupTable, segmentedTable } from './lookup-tables.ts';
import { type PixelFormat, pixelFormat } from './pixel-format.ts';

/** A VOI window; `shape` is VOI LUT Function (PS3.3 C.11.2.1.3). */
export interface Window {
  center: number;
  width: number;
  shape: 'linear' | 'linear-exact' | 'sigmoid';
}

/** How stored values of one frame become shades: all that DICOM says of it, single frame and enhanced alike. */
export interface FrameDescription {
  format: PixelFormat;
  slope: number;
  intercept: number;
  modalityTable: LookupTable | null;
  window: Window | null;
  voiTable: LookupTable | null;
  /** Stored values that stand for no image, from and to (PS3.3 C.7.5.1.1.2). */
  padding: [number, number] | null;
  palette: LookupTable[] | null;
  /** Height of a pixel by its width. */
  aspect: number;
}

const sharedGroups = 0x52009229;
const perFrameGroups = 0x52009230;
/** Functional group macros (PS3.3 C.7.6.16.2). */
const Macro = { pixelMeasures: 0x00289110, voi: 0x00289132, pixelValueTransformation: 0x00289145 };
const voiLutFunction = 0x00281056;
const modalityLutSequence = 0x00283000;
const voiLutSequence = 0x00283010;
const lutTags = { descriptor: 0x00283002, data: 0x00283006 };
const paletteDescriptors = [0x00281101, 0x00281102, 0x00281103];
const SHAPES: Record<string, Window['shape']> = { LINEAR_EXACT: 'linear-exact', SIGMOID: 'sigmoid' };

/** @throws NoPicture where the attributes describe none */
export function describeFrame(
  head: Head,
  frameNumber: number,
  read: (offset: number, length: number) => Uint8Array,
): FrameDescription {
  const { attributes } = head;
  const format = pixelFormat(attributes, head.pixelData);
  const { littleEndian } = head.encoding;
  const source = { read, littleEndian, signed: format.signed };
  const group = (macro: number) => groupOf(attributes, macro, frameNumber) ?? attributes;
  const [modality] = attributes.items(modalityLutSequence);
  const transformation = group(Macro.pixelValueTransformation);
  const voi = group(Macro.voi);
  const [voiTable] = voi.items(voiLutSequence);
  return {
    format,
    slope: transformation.number(Tag.rescaleSlope) || 1,
    intercept: transformation.number(Tag.rescaleIntercept) ?? 0,
    modalityTable: modality ? lookupTable(modality, lutTags, source) : null,
    window: windowOf(voi),
    // Its input is no stored value any more, so its own VR says what is signed.
    voiTable: voiTable ? lookupTable(voiTable, lutTags, { ...source, signed: false }) : null,
    padding: paddingOf(attributes, format),
    palette: format.photometricInterpretation === 'PALETTE COLOR' ? paletteOf(attributes, source) : null,
    aspect: aspectOf(attributes, group(Macro.pixelMeasures)),
  };
}

/** A frame's own functional group, or the one all frames share. */
function groupOf(attributes: Attributes, macro: number, frameNumber: number): Attributes | undefined {
  const own = attributes.items(perFrameGroups)[frameNumber - 1]?.items(macro)[0];
  return own ?? attributes.items(sharedGroups)[0]?.items(macro)[0];
}

/** The first of the windows offered. */
function windowOf(attributes: Attributes): Window | null {
  const center = attributes.number(Tag.windowCenter);
  const width = attributes.number(Tag.windowWidth);
  if (center === null || width === null) return null;
  const shape = SHAPES[attributes.text(voiLutFunction).trim()] ?? 'linear';
  return width > 0 && (shape !== 'linear' || width >= 1) ? { center, width, shape } : null;
}

function paddingOf(attributes: Attributes, { signed, bitsAllocated }: PixelFormat): [number, number] | null {
  const value = attributes.number(0x00280120);
  if (value === null) return null;
  const limit = attributes.number(0x00280121) ?? value;
  // Writers give it as US where pixels are signed, and the other way round.
  const asStored = (number: number) =>
    bitsAllocated !== 16 ? number : signed ? (number << 16) >> 16 : number & 0xffff;
  const [from, to] = [asStored(value), asStored(limit)].sort((a, b) => a - b);
  return [from!, to!];
}

function paletteOf(attributes: Attributes, source: TableSource): LookupTable[] | null {
  const tables = paletteDescriptors.map(
    (descriptor) =>
      lookupTable(attributes, { descriptor, data: descriptor + 0x100 }, source) ??
      segmentedTable(attributes, { descriptor, data: descriptor + 0x120 }, source),
  );
  return tables.every((table) => table !== null) ? tables : null;
}

/** From what is known of the size of pixels, else from Pixel Aspect Ratio; 1 where neither makes sense. */
function aspectOf(attributes: Attributes, measures: Attributes): number {
  const imagerPixelSpacing = 0x00181164;
  const pixelAspectRatio = 0x00280034;
  const known = [
    measures.numbers(Tag.pixelSpacing),
    attributes.numbers(imagerPixelSpacing),
    attributes.numbers(pixelAspectRatio),
  ].find(([height = 0, width = 0]) => height > 0 && width > 0);
  const aspect = known ? known[0]! / known[1]! : 1;
  return aspect >= 0.05 && aspect <= 20 ? aspect : 1;
}
