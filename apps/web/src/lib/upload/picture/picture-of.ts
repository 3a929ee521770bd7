import { frameLayout, frameSegments, type FrameLayout } from '@filmpost/dicom/frames.ts';
import type { Head } from '@filmpost/dicom/head.ts';
import type { ByteSource } from '@filmpost/media/reading/byte-source.ts';
import { headOf } from '../understand-file.ts';
import { type SampledFrame, decodeFrame } from './decode-frame.ts';
import { type Look, lookOf } from './look.ts';
import { rgbaOf, sizeWithin } from './shrink.ts';

/** Longer side in pixels: 64 on the page, sharp on dense screens. */
const SIDE = 160;
/** What of encapsulated pixels is searched for the middle frame, and the longest frame that is decoded, in bytes. */
const MOST_SEARCHED = 24 * 1024 * 1024;
const MOST_FRAME = 64 * 1024 * 1024;

/**
 * A small PNG of an image's middle frame, as its own window shows it. Null when there is none or its form is one that
 * nothing here decodes. Rejects when the bytes cannot be read. For recognising an exam, not for reading it.
 */
export async function pictureOf(source: ByteSource): Promise<Blob | null> {
  const { result, beginning } = await headOf(source);
  if (result.kind !== 'head' || result.head.encoding.deflated) return null;
  const { head } = result;
  const look = lookOf(head.attributes);
  const bytes = look && (await middleFrame(source, head, beginning));
  const frame = bytes && (await decodeFrame(bytes, { transferSyntaxUid: head.transferSyntaxUid, look }));
  return frame ? draw(frame, look) : null;
}

async function middleFrame(
  source: ByteSource,
  head: Head,
  beginning: Uint8Array,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const layout = await layoutOf(source, head, beginning);
  if (layout.kind === 'none' || layout.kind === 'video') return null;
  const frame = frameSegments(layout, Math.ceil(layout.frames / 2)) ?? frameSegments(layout, 1);
  const length = frame?.segments.reduce((sum, segment) => sum + segment[1], 0) ?? 0;
  if (!frame || frame.bitOffset > 0 || length > MOST_FRAME) return null;
  const bytes = new Uint8Array(length);
  let filled = 0;
  for (const [offset, size] of frame.segments) {
    const piece = await source.read(offset, size);
    bytes.set(piece, filled);
    filled += piece.length;
  }
  return bytes.subarray(0, filled);
}

/** Frames are looked for at once, so what is searched is read before. */
async function layoutOf(source: ByteSource, head: Head, beginning: Uint8Array): Promise<FrameLayout> {
  const {
    offset: start,
    length,
    encapsulated,
  } = head.pixelData ?? { offset: 0, length: 0, encapsulated: false };
  const searched = encapsulated
    ? await source.read(start, Math.min(length, MOST_SEARCHED))
    : new Uint8Array();
  return frameLayout(head, (at, count) =>
    at < start ? beginning.subarray(at, at + count) : searched.subarray(at - start, at - start + count),
  );
}

async function draw(frame: SampledFrame | ImageBitmap, look: Look): Promise<Blob> {
  const isBitmap = frame instanceof ImageBitmap;
  const [width, height] = isBitmap ? [frame.width, frame.height] : [frame.columns, frame.rows];
  const size = sizeWithin(width, height, SIDE);
  const canvas = new OffscreenCanvas(size.width, size.height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser draws nothing in workers');
  if (isBitmap) {
    // A negative of a white page is a positive (MONOCHROME1, PS3.3 C.7.6.3.1.2).
    if (look.inverted) context.filter = 'invert(1)';
    context.drawImage(frame, 0, 0, size.width, size.height);
    frame.close();
  } else {
    context.putImageData(new ImageData(rgbaOf(frame, look, size), size.width, size.height), 0, 0);
  }
  return canvas.convertToBlob({ type: 'image/png' });
}
