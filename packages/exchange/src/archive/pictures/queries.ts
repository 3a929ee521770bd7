import path from 'node:path';
import { frameSegments } from '@filmpost/dicom/frames.ts';
import { type OrderByContent, Pictures } from '@filmpost/imaging/pictures.ts';
import { NoPicture, type PictureStyle } from '@filmpost/imaging/rendering.ts';
import { sql } from 'kysely';
import { Refused } from '../../access/gate/schema.ts';
import type { Exchange } from '../../exchange.ts';
import { type InstanceAddress, type LocatedInstance, type Reading, withinReach } from '../reading/queries.ts';
import { layoutOf } from './rules.ts';

const shelves = new WeakMap<Exchange, Pictures>();

/** The pictures kept for an exchange: in a folder beside its blobs that may be emptied at any time. */
export function picturesOf(exchange: Exchange): Pictures {
  const known = shelves.get(exchange);
  if (known) return known;
  const pictures = new Pictures(path.join(exchange.blobs.directory, '..', 'pictures'));
  shelves.set(exchange, pictures);
  return pictures;
}

/** What must be known of an instance to draw it. */
export type Drawable = Pick<
  LocatedInstance,
  'blobId' | 'byteOffset' | 'byteLength' | 'sha256' | 'frameLayout'
>;

/** What is to be drawn: one frame of an instance, by its content. @throws NoPicture where there is no such frame */
export function pictureOrder(
  exchange: Exchange,
  instance: Drawable,
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

export interface Within {
  studyInstanceUid: string;
  seriesInstanceUid?: string | undefined;
}

/** Instances with frames that can be told apart, and so be drawn. */
function drawable(exchange: Exchange, granted: Reading, { studyInstanceUid, seriesInstanceUid }: Within) {
  const images = exchange.db
    .selectFrom('instance')
    .innerJoin('series', 'series.id', 'instance.seriesId')
    .innerJoin('study', 'study.id', 'instance.studyId')
    .where('study.studyInstanceUid', '=', studyInstanceUid)
    .where(sql<boolean>`instance.frame_layout->>'kind' in ('native', 'fragments')`)
    .where(withinReach(granted));
  return seriesInstanceUid ? images.where('series.seriesInstanceUid', '=', seriesInstanceUid) : images;
}

/**
 * The image that stands for a study or series: the middle one of the series with the most images, which is more often
 * the examination than a scout view or a screenshot of a protocol. @throws Refused where there is none
 */
export async function representativeImage(
  exchange: Exchange,
  granted: Reading,
  within: Within,
): Promise<InstanceAddress> {
  const series = await drawable(exchange, granted, within)
    .select(['series.seriesInstanceUid', sql<number>`count(*)::int`.as('images')])
    .groupBy(['series.id', 'series.seriesInstanceUid', 'series.seriesNumber'])
    .orderBy('images', 'desc')
    .orderBy('series.seriesNumber')
    .orderBy('series.id')
    .executeTakeFirst();
  if (!series) throw new Refused();
  const { seriesInstanceUid, images } = series;
  const { studyInstanceUid } = within;
  const middle = await drawable(exchange, granted, { studyInstanceUid, seriesInstanceUid })
    .select('instance.sopInstanceUid')
    .orderBy('instance.instanceNumber')
    .orderBy('instance.id')
    .offset(Math.floor((images - 1) / 2))
    .limit(1)
    .executeTakeFirst();
  // Gone between two questions.
  if (!middle) throw new Refused();
  return { studyInstanceUid, seriesInstanceUid, sopInstanceUid: middle.sopInstanceUid };
}
