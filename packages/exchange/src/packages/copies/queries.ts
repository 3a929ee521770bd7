import type { DiscImage, DiscManifest } from '@filmpost/disc-viewer/manifest.ts';
import { NoPicture } from '@filmpost/imaging/rendering.ts';
import { sql } from 'kysely';
import { type Drawable, pictureOrder, picturesOf } from '../../archive/pictures/queries.ts';
import { representativeFrame } from '../../archive/pictures/rules.ts';
import type { Exchange } from '../../exchange.ts';
import { COPIES_AT_ONCE, COPIES_MS, COPY_STYLE, MOST_COPY_BYTES, imagesToCopy } from './rules.ts';

/**
 * JPEGs of some images of a disc, drawn in bounded processes. An image that cannot be drawn, or not in time, has none:
 * the disc is right without.
 */
export async function drawnCopies(
  exchange: Exchange,
  manifest: DiscManifest,
  instanceOf: (image: DiscImage) => number | undefined,
): Promise<ReadonlyMap<DiscImage, Uint8Array>> {
  const wanted = imagesToCopy(manifest);
  const rows = await drawables(
    exchange,
    wanted.map(instanceOf).filter((id) => id !== undefined),
  );
  const until = performance.now() + COPIES_MS;
  const made = new Map<DiscImage, Uint8Array>();
  let bytes = 0;
  const queue = wanted[Symbol.iterator]();
  const drawing = async () => {
    for (const image of queue) {
      if (performance.now() > until) return;
      const row = rows.get(instanceOf(image) ?? 0);
      const jpeg = row && (await copyOf(exchange, row));
      if (!jpeg || bytes + jpeg.length > MOST_COPY_BYTES) continue;
      bytes += jpeg.length;
      made.set(image, jpeg);
    }
  };
  await Promise.all(Array.from({ length: COPIES_AT_ONCE }, drawing));
  return made;
}

async function drawables(exchange: Exchange, ids: readonly number[]): Promise<Map<number, Drawable>> {
  const rows = await exchange.db
    .selectFrom('instance')
    .select(['id', 'blobId', 'byteOffset', 'byteLength', 'sha256', 'frameLayout'])
    .where('id', '=', sql<number>`any(${ids})`)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

async function copyOf(exchange: Exchange, instance: Drawable): Promise<Uint8Array | null> {
  try {
    const frameNumber = representativeFrame(instance);
    const order = pictureOrder(exchange, instance, { frameNumber, style: COPY_STYLE });
    return (await picturesOf(exchange).picture(order)).bytes;
  } catch (error) {
    // A full disk or a damaged image is no reason to give nobody their exams.
    if (!(error instanceof NoPicture)) console.error(`a copy for a disc: ${String(error)}`);
    return null;
  }
}
