/**
 * Values as a directory record may hold them (PS3.5 section 6.2). What a file says wrongly, a directory does not
 * repeat: importers that read only the directory are the strict ones. Old spellings are mended, the rest is left out.
 */

import { isDataSet } from './dicom-json.ts';

/** The value representations that occur in directory records, but for sequences. */
export type ValueVr =
  | 'CS'
  | 'DA'
  | 'DS'
  | 'DT'
  | 'IS'
  | 'LO'
  | 'PN'
  | 'SH'
  | 'ST'
  | 'TM'
  | 'UC'
  | 'UI'
  | 'UL'
  | 'UR'
  | 'US'
  | 'UT';
export type Value = string | number;

type Admit = (raw: unknown) => Value | null;

const ADMIT: Record<ValueVr, Admit> = {
  CS: (raw) => matching(plain(raw).toUpperCase(), /^[A-Z0-9 _]{1,16}$/),
  DA: (raw) => date(plain(raw)),
  DS: (raw) => decimal(raw),
  DT: (raw) =>
    matching(plain(raw), /^(?:\d{4}|\d{6}|\d{8}|\d{10}|\d{12}|\d{14}(?:\.\d{1,6})?)(?:[+-]\d{4})?$/),
  IS: (raw) => integer(raw, [-(2 ** 31), 2 ** 31 - 1]),
  LO: (raw) => text(raw, 64),
  PN: (raw) => personName(raw),
  SH: (raw) => text(raw, 16),
  ST: (raw) => text(raw, 1024),
  TM: (raw) => time(plain(raw)),
  UC: (raw) => text(raw, 1024),
  // A UID is an identity: even a wrong one must equal the one in the file.
  UI: (raw) => matching(plain(raw), /^[ -[\]-~]{1,64}$/),
  UL: (raw) => integer(raw, [0, 0xffffffff]),
  UR: (raw) => matching(plain(raw), /^[!-~]{1,1024}$/),
  US: (raw) => integer(raw, [0, 0xffff]),
  UT: (raw) => text(raw, 1024),
};

/** A value of DICOM JSON as the VR allows it; null where it does not. */
export function admitted(vr: ValueVr, raw: unknown): Value | null {
  return ADMIT[vr](raw);
}

/** Whether the text of this VR follows Specific Character Set (PS3.5 6.1.2.3). */
export function isLocalised(vr: ValueVr): boolean {
  return vr === 'LO' || vr === 'PN' || vr === 'SH' || vr === 'ST' || vr === 'UC' || vr === 'UT';
}

function plain(raw: unknown): string {
  return typeof raw === 'string' || typeof raw === 'number' ? String(raw).trim() : '';
}

function matching(value: string, pattern: RegExp): string | null {
  return pattern.test(value) ? value : null;
}

/** Control characters and backslashes would end or split the value; spaces at its ends mean nothing. */
function text(raw: unknown, most: number): string | null {
  const clean = plain(raw)
    .toWellFormed()
    .replace(/[\p{Cc}\\]+/gu, ' ')
    .trim();
  const short = clean.length > most ? [...clean].slice(0, most).join('').trim() : clean;
  return short || null;
}

const GROUPS = ['Alphabetic', 'Ideographic', 'Phonetic'];

/** Three groups between equals signs, none longer than 64 characters (PS3.5 6.2.1). */
function personName(raw: unknown): string | null {
  if (!isDataSet(raw)) return null;
  const groups = GROUPS.map((group) => text(raw[group], 64)?.replaceAll('=', ' ') ?? '');
  return groups.join('=').replace(/=+$/, '') || null;
}

/** ACR-NEMA wrote dots between the numbers; dates that are on no calendar are none. */
function date(value: string): string | null {
  const [, year, month, day] = /^(\d{4})([.\-/]?)(\d\d)\2(\d\d)$/.exec(value)?.toSpliced(2, 1) ?? [];
  if (year === undefined) return null;
  const at = new Date(`${year}-${month}-${day}T00:00:00Z`);
  return at.getUTCDate() === Number(day) ? `${year}${month}${day}` : null;
}

function time(value: string): string | null {
  const digits = value.replace(/^(\d\d):(\d\d)(?::(\d\d))?/, '$1$2$3').replace(/(\.\d{6})\d+$/, '$1');
  return matching(digits, /^(?:[01]\d|2[0-3])(?:[0-5]\d(?:(?:[0-5]\d|60)(?:\.\d{1,6})?)?)?$/);
}

function numberOf(raw: unknown): number {
  return plain(raw) === '' ? NaN : Number(raw);
}

function integer(raw: unknown, [least, most]: readonly [number, number]): number | null {
  const value = numberOf(raw);
  return Number.isInteger(value) && value >= least && value <= most ? value : null;
}

/** At most sixteen characters; digits that do not fit are rounded away. */
function decimal(raw: unknown): string | null {
  const value = numberOf(raw);
  if (!Number.isFinite(value)) return null;
  const whole = String(value);
  if (whole.length <= 16) return whole;
  for (let digits = 16; digits > 0; digits--) {
    const rounded = value.toPrecision(digits);
    if (rounded.length <= 16) return rounded;
  }
  return null;
}
