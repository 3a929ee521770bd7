/** Pictures of stored instances as PNG or JPEG: previews, thumbnails, copies to look at. Not for diagnosis. */

import { imagingProcesses } from './processes.ts';
import type { Picture, PictureOrder } from './render.ts';

export type { Window } from './description.ts';
export type { Region } from './raster.ts';
export { NoPicture, type RefusalReason } from './refusals.ts';
export type { Picture, PictureOrder, PictureStyle } from './render.ts';
export type { StoredInstance } from './stored-file.ts';

/**
 * One frame as a picture of its own, made in a bounded process: rescale, window or lookup tables, palette and colour as
 * the instance says, first window first. No name, no overlay and no metadata are in it.
 * @throws NoPicture with a sentence for whoever asked
 */
export async function renderFrame(order: PictureOrder): Promise<Picture> {
  return imagingProcesses().run<'render'>({ kind: 'render', order });
}
