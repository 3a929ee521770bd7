import { formatCount } from '../ui/format.ts';
import type { Sight, Unseen } from './viewer-message.ts';

/** What the viewer has told of an exam, and what is known of it otherwise. */
export interface Seen {
  /** Null before its first series. */
  sight: Sight | null;
  /** Images that could not be decoded. */
  damaged: number;
  /** Documents that hold a program and were not opened. */
  withheld: number;
  /** Series the exam is known to hold. */
  seriesExpected: number;
}

/** Whether the viewer has loaded everything there is. */
function isWhole({ sight, seriesExpected }: Seen): boolean {
  return sight !== null && sight.series > 0 && sight.series >= seriesExpected;
}

/** Nothing of the exam can be shown: then the viewer would stay black, and must not be shown either. */
export function isBlind(seen: Seen): boolean {
  return isWhole(seen) && seen.sight?.hidden === seen.sight?.series;
}

/** Whether an image is still to be waited for. Reports and documents paint none. */
export function paintsNothing(seen: Seen): boolean {
  return isWhole(seen) && seen.sight?.painted === 0;
}

/**
 * What the person before the viewer must know of what they do not see.
 * @param where where it can be had instead, e.g. `in the download`
 */
export function sightWords({ sight, damaged, withheld }: Seen, where: string): string[] {
  const hidden = (sight?.unseen ?? []).filter(({ asGrey }) => !asGrey);
  const grey = (sight?.unseen ?? []).filter(({ asGrey }) => asGrey);
  return [
    ...(hidden.length > 0 ? [hiddenWords(hidden, where)] : []),
    ...grey.map(({ what }) => `${what} is shown as plain grey levels, without its values.`),
    ...(withheld > 0 ? [withheldWords(withheld, where)] : []),
    ...(damaged > 0 ? [damagedWords(damaged)] : []),
  ];
}

function hiddenWords(hidden: readonly Unseen[], where: string): string {
  const series = hidden.reduce((sum, each) => sum + each.series, 0);
  const kinds = hidden.map(({ what, series: count }) => (count > 1 ? `${what} (${count})` : what));
  const it = series === 1 ? 'It is' : 'They are';
  return `${formatCount(series, 'series', 'series')} cannot be shown in the viewer: ${kinds.join(', ')}. ${it} ${where}.`;
}

function damagedWords(images: number): string {
  const them = images === 1 ? 'it seems' : 'they seem';
  return `${formatCount(images, 'image')} could not be opened: ${them} to be damaged.`;
}

function withheldWords(documents: number, where: string): string {
  const [holds, they] =
    documents === 1 ? ['holds a program and is', 'It is'] : ['hold programs and are', 'They are'];
  return `${formatCount(documents, 'document')} ${holds} not opened here. ${they} ${where}.`;
}
