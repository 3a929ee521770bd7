import assert from 'node:assert/strict';
import type { Attributes } from '@filmpost/dicom/attributes.ts';
import type { Head } from '@filmpost/dicom/head.ts';
import { readHead } from '@filmpost/dicom/read-head.ts';
import { Tag } from '@filmpost/dicom/tags.ts';

/** The picture a DICOM file must give on a screen, worked out from its bytes without any viewer. */
export interface DicomPicture {
  columns: number;
  rows: number;
  /** 0 to 255, after rescale (PS3.3 C.11.1) and the file's first window (C.11.2.1.2). */
  grayAt(column: number, row: number): number;
}

/** Undefined where the pixels are compressed, coloured or without a window of their own: those prove nothing here. */
export function dicomPicture(file: Buffer): DicomPicture | undefined {
  const read = readHead(file, file.length);
  assert.equal(read.kind, 'head');
  if (read.kind !== 'head') return undefined;
  const { attributes, pixelData } = read.head;
  const number = (tag: number) => attributes.number(tag) ?? 0;
  if (!pixelData || pixelData.encapsulated || !isPlain(attributes)) return undefined;
  const columns = number(Tag.columns);
  const stored = storedValues(read.head, file.subarray(pixelData.offset));
  const gray = screenGray(attributes);
  return { columns, rows: number(Tag.rows), grayAt: (column, row) => gray(stored(row * columns + column)) };
}

function isPlain(attributes: Attributes): boolean {
  const bits = attributes.number(Tag.bitsAllocated);
  return (
    attributes.text(Tag.photometricInterpretation) === 'MONOCHROME2' &&
    (bits === 8 || bits === 16) &&
    attributes.number(Tag.windowWidth) !== null
  );
}

/** The pixel at a place of native little endian pixel data. */
function storedValues({ attributes }: Head, pixels: Buffer): (at: number) => number {
  const signed = attributes.number(Tag.pixelRepresentation) === 1;
  if (attributes.number(Tag.bitsAllocated) === 8)
    return (at) => (signed ? pixels.readInt8(at) : pixels.readUInt8(at));
  return (at) => (signed ? pixels.readInt16LE(at * 2) : pixels.readUInt16LE(at * 2));
}

function screenGray(attributes: Attributes): (stored: number) => number {
  const slope = attributes.number(Tag.rescaleSlope) ?? 1;
  const intercept = attributes.number(Tag.rescaleIntercept) ?? 0;
  const center = attributes.number(Tag.windowCenter) ?? 0;
  const width = attributes.number(Tag.windowWidth) ?? 1;
  return (stored) => {
    const share = (stored * slope + intercept - (center - 0.5)) / (width - 1) + 0.5;
    return Math.min(1, Math.max(0, share)) * 255;
  };
}
