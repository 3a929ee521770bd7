import { formatDay, formatTime } from '#lib/ui/format.ts';

/** A moment for a row: the time when it was today, else the day. `14:02`, `Mar. 29, 2020`. Local time of the reader. */
export function formatWhen(moment: Date, now: Date): string {
  return sameDay(moment, now) ? `Today, ${formatTime(moment)}` : formatDay(localDay(moment));
}

function sameDay(one: Date, other: Date): boolean {
  return localDay(one) === localDay(other);
}

function localDay(moment: Date): string {
  const two = (part: number) => String(part).padStart(2, '0');
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}
