import path from 'node:path';
import { type FrameLayout, frameSegments } from '@filmpost/dicom/frames.ts';
import type { LocatedInstance } from '@filmpost/exchange/archive/reading/queries.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { type OrderByContent, Pictures } from '@filmpost/imaging/pictures.ts';
import { NoPicture, type PictureStyle, type RefusalReason } from '@filmpost/imaging/rendering.ts';
import { json, notHere } from '../../answer.ts';
import { notAcceptable } from './retrieval.ts';

const shelves = new WeakMap<Exchange, Pictures>();

/** The pictures kept for an exchange: in a folder beside its blobs that may be emptied at any time. */
export function picturesOf(exchange: Exchange): Pictures {
  const known = shelves.get(exchange);
  if (known) return known;
  const pictures = new Pictures(path.join(exchange.blobs.directory, '..', 'pictures'));
  shelves.set(exchange, pictures);
  return pictures;
}

/** What is to be drawn: one frame of an instance, by its content. @throws NoPicture where there is no such frame */
export function pictureOrder(
  exchange: Exchange,
  instance: LocatedInstance,
  { frameNumber, style }: { frameNumber: number; style: PictureStyle },
): OrderByContent {
  const layout = layoutOf(instance);
  if (layout.kind === 'none') throw new NoPicture('no-pixels');
  if (layout.kind === 'video') throw new NoPicture('unknown-codec');
  const frame = frameSegments(layout, frameNumber);
  if (!frame) throw new NoPicture('no-such-frame');
  const { byteOffset, byteLength, sha256: digest } = instance;
  const stored = { path: exchange.blobs.path(instance.blobId), byteOffset, byteLength };
  return { instance: stored, frameNumber, frame, style, digest };
}

/** The frame that stands for an instance: the middle one, where a loop or a stack shows most. */
export function representativeFrame(instance: LocatedInstance): number {
  const layout = layoutOf(instance);
  return layout.kind === 'none' ? 1 : Math.floor((layout.frames - 1) / 2) + 1;
}

export function layoutOf(instance: LocatedInstance): FrameLayout {
  // The column holds what frameLayout gave at ingest.
  return (instance.frameLayout as FrameLayout | null) ?? { kind: 'none', reason: 'no-pixel-data' };
}

const STATUS: Partial<Record<RefusalReason, number>> = { 'no-such-region': 400, 'too-slow': 504, died: 500 };

/** A picture that there is not, in a sentence: 406 where it could be had in no form (PS3.18 8.7.5). */
export function noPictureResponse({ reason, message }: NoPicture): Response {
  if (reason === 'no-such-frame') return notHere();
  if (reason === 'busy') return json(503, { error: message }, { 'retry-after': '3' });
  const status = STATUS[reason];
  return status ? json(status, { error: message }) : notAcceptable(message);
}
