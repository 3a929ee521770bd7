/** A series as one stack: each image takes as many places as it has frames, and one where it has none. */

import type { Image, Series } from '../disc-script.ts';

export interface Place {
  readonly image: Image;
  /** Index of `image` in its series. */
  readonly index: number;
  /** Counted from 1. */
  readonly frameNumber: number;
}

export function placesOf({ images }: Pick<Series, 'images'>): number {
  return images.reduce((sum, { frames }) => sum + Math.max(1, frames), 0);
}

/** What lies at a position counted from 0; null beyond the stack. */
export function placeAt({ images }: Pick<Series, 'images'>, position: number): Place | null {
  let left = position;
  for (const [index, image] of images.entries()) {
    const frames = Math.max(1, image.frames);
    if (left < frames) return left < 0 ? null : { image, index, frameNumber: left + 1 };
    left -= frames;
  }
  return null;
}

/** The place that stands for a series: its middle. */
export function middleOf(series: Pick<Series, 'images'>): Place | null {
  return placeAt(series, Math.floor((placesOf(series) - 1) / 2));
}
