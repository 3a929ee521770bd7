import type { FrameBytes } from '@filmpost/dicom/frames.ts';
import { decode } from './decode.ts';
import { type Window, describeFrame } from './description.ts';
import { rasterOf } from './frame-raster.ts';
import { encodePng } from './png.ts';
import { processTools } from './process-tools.ts';
import { type Raster, type Region, resized } from './raster.ts';
import { NoPicture } from './refusals.ts';
import { StoredFile, type StoredInstance } from './stored-file.ts';

/** What a picture is to be like (PS3.18 8.3.5.1). */
export interface PictureStyle {
  type: 'image/jpeg' | 'image/png';
  /** 1 to 100, of a JPEG. */
  quality: number;
  /** The picture fits in here, whole pixels, with the proportions of the body; null: pixel by pixel. */
  viewport: { width: number; height: number } | null;
  /** Of the stored pixels; null for all of them. */
  region: Region | null;
  /** Instead of the image's own; of no matter to colour. */
  window: Window | null;
}

export interface PictureOrder {
  instance: StoredInstance;
  /** Counted from 1. */
  frameNumber: number;
  /** Where the frame lies, when whoever orders has looked it up before. */
  frame: FrameBytes | null;
  style: PictureStyle;
}

export interface Picture {
  type: PictureStyle['type'];
  columns: number;
  rows: number;
  bytes: Uint8Array;
}

/** Makes one picture in this very process: for the children only. @throws NoPicture */
export function render({ instance, frameNumber, frame, style }: PictureOrder): Picture {
  const file = new StoredFile(instance);
  try {
    const { transferSyntaxUid } = file.head;
    const description = describeFrame(file.head, frameNumber, file.read);
    const bytes = file.frame(frameNumber, frame);
    const native = decode({ transferSyntaxUid, format: description.format, bytes }, processTools);
    return encoded(fitted(rasterOf(native, description, style.window), description.aspect, style), style);
  } finally {
    file.close();
  }
}

function fitted(raster: Raster, aspect: number, { viewport, region }: PictureStyle): Raster {
  if (!viewport && !region) return raster;
  const part = within(region ?? { x: 0, y: 0, width: raster.columns, height: raster.rows }, raster);
  const width = Math.abs(part.width);
  const height = Math.abs(part.height) * (viewport ? aspect : 1);
  const scale = viewport ? Math.min(viewport.width / width, viewport.height / height) : 1;
  return resized(raster, part, {
    columns: Math.max(1, Math.round(width * scale)),
    rows: Math.max(1, Math.round(height * scale)),
  });
}

/** What of a region lies on the picture. @throws NoPicture where nothing does */
function within({ x, y, width, height }: Region, { columns, rows }: Raster): Region {
  const right = Math.min(columns, x + Math.abs(width));
  const bottom = Math.min(rows, y + Math.abs(height));
  if (right - x < 1 || bottom - y < 1) throw new NoPicture('no-such-region');
  return { x, y, width: Math.sign(width) * (right - x), height: Math.sign(height) * (bottom - y) };
}

function encoded(raster: Raster, { type, quality }: PictureStyle): Picture {
  const { columns, rows, channels, samples } = raster;
  if (type === 'image/png') return { type, columns, rows, bytes: encodePng(raster) };
  const picture = {
    rows,
    columns,
    samplesPerPixel: channels,
    bitsAllocated: 8,
    bitsStored: 8,
    signed: false,
  };
  return { type, columns, rows, bytes: processTools.codecs().encodeJpeg(picture, samples, quality) };
}
