import type { DiscImage, DiscManifest, DiscSeries } from '@filmpost/disc-viewer/manifest.ts';

/** Copies are for a glance: so many of a series, and of all of a disc, in number and bytes. */
export const COPIES_OF_SERIES = 3;
export const MOST_COPIES = 96;
export const MOST_COPY_BYTES = 8 * 1024 * 1024;
/** Nobody waits longer for copies: what is not drawn by then is left out. */
export const COPIES_MS = 10_000;
/** So many are asked for at a time; the bounded processes take them one by one. */
export const COPIES_AT_ONCE = 4;
/** As large as most cross-sections are, so that these keep their pixels. */
export const COPY_STYLE = {
  type: 'image/jpeg',
  quality: 82,
  viewport: { width: 512, height: 512 },
  region: null,
  window: null,
} as const;

/**
 * The images that are copied, the most telling first: of every exam's first series the middle image, then of every
 * second one, and so on; only then a second and a third image of a series. So the bounds cut what is missed least.
 */
export function imagesToCopy({ patients }: DiscManifest): DiscImage[] {
  const candidates = patients
    .flatMap(({ exams }) => exams)
    .flatMap(({ series }) =>
      series.flatMap((each, place) => telling(each).map((image, round) => ({ image, round, place }))),
    );
  return candidates
    .sort((one, other) => one.round - other.round || one.place - other.place)
    .slice(0, MOST_COPIES)
    .map(({ image }) => image);
}

/** The middle image of a series, and those that halve its halves; reports and the like have none. */
function telling({ images }: DiscSeries): DiscImage[] {
  const pictures = images.filter(({ frames }) => frames > 0);
  const found = [1 / 2, 1 / 6, 5 / 6].map((part) => pictures[Math.floor(pictures.length * part)]);
  return [...new Set(found)].filter((image) => image !== undefined).slice(0, COPIES_OF_SERIES);
}
