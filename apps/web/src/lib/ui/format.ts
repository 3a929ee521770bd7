const MONTHS = [
  'Jan.',
  'Feb.',
  'Mar.',
  'Apr.',
  'May',
  'June',
  'July',
  'Aug.',
  'Sept.',
  'Oct.',
  'Nov.',
  'Dec.',
];
const DAY = /^(\d{4})-?(\d{2})-?(\d{2})$/;

/**
 * A calendar day as people read it: `Mar. 29, 2020`.
 * @param day `YYYYMMDD` (DICOM VR DA, PS3.5 6.2) or `YYYY-MM-DD`. Anything else comes back as it is:
 * what a scanner wrote is still better than nothing.
 */
export function formatDay(day: string): string {
  const [, year, month, date] = DAY.exec(day) ?? [];
  const name = MONTHS[Number(month) - 1];
  return name ? `${name} ${Number(date)}, ${year}` : day;
}

/** A date of birth as the Access Page prints it: `1981/08/29`. Takes what `formatDay` takes. */
export function formatBirthDate(day: string): string {
  return day.replace(DAY, '$1/$2/$3');
}

/** Where a moment is read: the facility's zone (IANA name) on its papers, the reader's own when left out. */
export interface Place {
  timeZone?: string;
}

/** A moment with its zone, so that nobody has to guess whose clock it was: `Mar. 29, 2020, 15:45 EDT`. */
export function formatMoment(moment: Date, { timeZone }: Place = {}): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(moment);
  const zone = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'short' })
    .formatToParts(moment)
    .find((part) => part.type === 'timeZoneName')?.value;
  return `${formatDay(parts)}, ${formatTime(moment, { timeZone })} ${zone ?? ''}`.trimEnd();
}

/** The time of day on a 24-hour clock: `14:02`. */
export function formatTime(moment: Date, { timeZone }: Place = {}): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(moment);
}

/**
 * A DICOM person name as a clerk files it: `Lovelace^Ada` becomes `Lovelace, Ada`.
 * @param name VR PN, PS3.5 6.2.1: groups parted by `=` (alphabetic, ideographic, phonetic; the first one with letters
 * is taken), components by `^` (family, given, middle, prefix, suffix; prefix and suffix are left out).
 */
export function formatPersonName(name: string): string {
  const group = name.split('=').find((candidate) => candidate.replaceAll('^', '').trim() !== '') ?? '';
  // Characters that turn the direction of what stands beside them would show another name than the one that is kept.
  const parts = group.replace(/[\u202a-\u202e\u2066-\u2069]/g, '').split('^');
  const [family = '', given = '', middle = ''] = parts.map((part) => part.trim());
  const first = [given, middle].filter(Boolean).join(' ');
  return [family, first].filter(Boolean).join(', ');
}

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** Bytes in powers of 1000, as disks and networks are sold: `14 MB`, `1.2 GB`. */
export function formatBytes(bytes: number): string {
  const power = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const amount = bytes / 1000 ** power;
  const digits = power > 0 && amount < 9.95 ? 1 : 0;
  if (amount.toFixed(digits) === '1000' && power < UNITS.length - 1) return `1.0 ${UNITS[power + 1]}`;
  return bytes === 1 ? '1 byte' : `${amount.toFixed(digits)} ${UNITS[power]}`;
}

/** `14 MB/s`. */
export function formatPace(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`;
}

/** Time left, rounded so that it does not flicker: `about 40 s`, `about 3 min`, `about 2 h 10 min`. */
export function formatTimeLeft(seconds: number): string {
  if (seconds < 8) return 'a few seconds';
  if (seconds < 58) return `about ${Math.ceil(seconds / 5) * 5} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `about ${minutes} min`;
  const rest = Math.round((minutes % 60) / 10) * 10;
  const hours = Math.floor(minutes / 60) + (rest === 60 ? 1 : 0);
  return rest % 60 === 0 ? `about ${hours} h` : `about ${hours} h ${rest} min`;
}

const thousands = new Intl.NumberFormat('en-US');

/** A number that stands under its own word: `1,204`. */
export function formatNumber(count: number): string {
  return thousands.format(count);
}

/** A count with its noun: `1 image`, `1,204 images`. Give the plural where an `s` does not make it (`series`). */
export function formatCount(count: number, noun: string, plural = `${noun}s`): string {
  return `${thousands.format(count)} ${count === 1 ? noun : plural}`;
}

/** What is known of a transfer now; pace and time left are left out while nobody knows them. */
export interface TransferNumbers {
  done: number;
  total: number;
  noun: string;
  bytesPerSecond?: number;
  secondsLeft?: number;
}

/** The numbers beside a bar: `212 of 600 images · 14 MB/s · about 40 s`. */
export function formatTransfer({ done, total, noun, bytesPerSecond, secondsLeft }: TransferNumbers): string {
  return [
    `${thousands.format(done)} of ${formatCount(total, noun)}`,
    bytesPerSecond ? formatPace(bytesPerSecond) : '',
    secondsLeft !== undefined && done < total ? formatTimeLeft(secondsLeft) : '',
  ]
    .filter(Boolean)
    .join(' · ');
}
