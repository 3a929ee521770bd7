/** What an image can be burned on. */

export type DiscKind = 'CD' | 'DVD' | 'DVD-DL' | 'Blu-ray';

/**
 * Bytes that every blank of the kind takes: of the formats that share a name the smallest, and of recorders' habits
 * the most wasteful.
 */
const CAPACITIES: readonly [kind: DiscKind, bytes: number][] = [
  // 80 minutes at 75 sectors a second, less what a recorder leaves for running in and out.
  ['CD', (80 * 60 * 75 - 300) * 2048],
  // DVD+R; DVD-R has 3,392 sectors more.
  ['DVD', 2_295_104 * 2048],
  // DVD-R DL; DVD+R DL has 2,112 sectors more.
  ['DVD-DL', 4_171_712 * 2048],
  // BD-R with the spare areas of a standard format.
  ['Blu-ray', 11_826_176 * 2048],
];

/** The smallest disc an image of `size` bytes fits on; null for none, which leaves ZIP and USB. */
export function fitsOn(size: number): DiscKind | null {
  return CAPACITIES.find(([, bytes]) => size <= bytes)?.[0] ?? null;
}
