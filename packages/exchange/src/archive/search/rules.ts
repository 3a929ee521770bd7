import { calendarDay, foldName } from '../rules.ts';
import type { Attribute, Match, NameMatch, NamePart, Search, SearchKey } from './schema.ts';

/** A matching key whose value is none of its attribute's kind; the message says what is. */
export class MalformedKey extends Error {
  constructor(attribute: Attribute, sentence: string) {
    super(`${attribute.keyword} ${sentence}`);
    this.name = 'MalformedKey';
  }
}

const NO_WILDCARDS = 'takes no wildcards.';
const EMPTY = '""';
/** Stand in for wildcards while a name is folded. */
const STAR = '\u0001';
const MARK = '\u0002';

/**
 * What the values given for a key ask for; null when every entity matches (PS3.4 C.2.2.2.3). Several values of one
 * key, and lists within a value where its VR allows, mean any of them.
 * @throws MalformedKey
 */
export function matchOf(
  attribute: Attribute,
  given: readonly string[],
  { fuzzy = false }: { fuzzy?: boolean } = {},
): Match | null {
  const values = given.flatMap((value) => listed(attribute.vr, value)).map((value) => value.trim());
  const meant = values.filter((value) => value !== '');
  if (meant.length === 0 || meant.some((value) => /^\*+$/.test(value))) return null;
  if (meant.includes(EMPTY)) return { kind: 'empty' };
  switch (attribute.vr) {
    case 'UI':
      return { kind: 'values', values: meant.map((value) => uid(attribute, value)) };
    case 'DA':
      return range(attribute, meant, dayBounds);
    case 'TM':
      return range(attribute, meant, timeBounds);
    case 'IS':
    case 'US':
      return { kind: 'numbers', numbers: meant.flatMap((value) => wholeNumber(attribute, value)) };
    case 'PN':
      return { kind: 'names', names: meant.map((value) => nameMatch(value, fuzzy)) };
    case 'CS':
      return text(meant.map((value) => value.toUpperCase()));
    default:
      return text(meant);
  }
}

/** Commas part codes, numbers and UIDs (PS3.18 8.3.4.1); in names and descriptions they are part of the text. */
function listed(vr: string, value: string): string[] {
  return value.split(/^(?:UI|CS|IS|US)$/.test(vr) ? /[,\\]/ : '\\');
}

function text(values: readonly string[]): Match {
  return values.some((value) => /[*?]/.test(value))
    ? { kind: 'patterns', patterns: values.map(likePattern) }
    : { kind: 'values', values: [...values] };
}

/** `*` is any run of characters, `?` any one (PS3.4 C.2.2.2.4). */
function likePattern(value: string): string {
  return literally(value).replaceAll('*', '%').replaceAll('?', '_');
}

/** The pattern of LIKE for what begins with these characters. */
export function startingWith(prefix: string): string {
  return `${literally(prefix)}%`;
}

/** Characters that mean themselves in a pattern of LIKE. */
function literally(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

/** What everything that matches any of these patterns of LIKE begins with. */
export function commonPrefix(patterns: readonly string[]): string {
  const prefixes = patterns.map(
    (pattern) => /^(?:[^%_\\]|\\.)*/s.exec(pattern)?.[0].replace(/\\(.)/gs, '$1') ?? '',
  );
  const [first = '', ...others] = prefixes;
  let length = first.length;
  for (const other of others) while (!other.startsWith(first.slice(0, length))) length -= 1;
  return first.slice(0, length);
}

/** Which characters a UID has is left to the makers of devices, as when it is stored. */
function uid(attribute: Attribute, value: string): string {
  if (/[*?]/.test(value)) throw new MalformedKey(attribute, NO_WILDCARDS);
  if (!/^[\x21-\x7e]{1,64}$/.test(value))
    throw new MalformedKey(attribute, 'must be a UID or a list of UIDs.');
  return value;
}

function wholeNumber(attribute: Attribute, value: string): number[] {
  if (!/^[+-]?\d{1,12}$/.test(value)) throw new MalformedKey(attribute, 'must be a whole number.');
  const number = Number(value);
  // What no column of PostgreSQL's int holds, nothing matches.
  return Math.abs(number) < 2 ** 31 ? [number] : [];
}

type Bounds = (value: string) => { from: string; to: string } | null;

/** One value, or a range `from-to` with one end open (PS3.4 C.2.2.2.5). */
function range(attribute: Attribute, values: readonly string[], bounds: Bounds): Match {
  const [value = '', ...more] = values;
  const ends = value.split('-').map((end) => end.trim());
  const [first, last] = ends.map((end) => (end === '' ? {} : bounds(end)));
  if (more.length > 0 || ends.length > 2 || ends.every((end) => end === '') || !first || last === null) {
    const kind = attribute.vr === 'DA' ? 'YYYYMMDD' : 'HHMMSS';
    throw new MalformedKey(attribute, `must be ${kind} or a range of two of them.`);
  }
  return { kind: 'range', ...pick('from', first), ...pick('to', last ?? first) };
}

function pick(end: 'from' | 'to', bounds: { from?: string; to?: string }): { from?: string; to?: string } {
  return bounds[end] === undefined ? {} : { [end]: bounds[end] };
}

function dayBounds(value: string): { from: string; to: string } | null {
  const day = calendarDay(value);
  return day === null ? null : { from: day, to: day };
}

/** A time of less precision is all that begins with it: `10` is from 10:00:00 to before 11:00:00. */
function timeBounds(value: string): { from: string; to: string } | null {
  const match = /^([01]\d|2[0-3])(?::?([0-5]\d)(?::?([0-5]\d|60)(?:\.(\d{1,6}))?)?)?$/.exec(value);
  if (!match) return null;
  const digits = match.slice(1).join('');
  return { from: digits.padEnd(12, '0'), to: digits.padEnd(12, '9') };
}

/** Case, accents and what separates components do not matter, nor in which group of a name it is written. */
function nameMatch(value: string, fuzzy: boolean): NameMatch {
  const groups = value
    .split('=')
    .map((group) => group.replaceAll('*', STAR).replaceAll('?', MARK))
    .filter((group) => foldName(group) !== '');
  const parts = fuzzy ? groups.flatMap(words).map(wordPart) : groups.map(groupPart);
  // Nothing but punctuation was asked for. Empty components and wildcards match every name, other marks none.
  if (parts.length === 0 && /[^*=^\s]/.test(value)) return { parts: [NO_NAME], anchored: false };
  const anchored = parts.every(({ folded, foreign }) => !foreign && commonPrefix(folded) !== '');
  return { parts, anchored };
}

const NO_NAME: NamePart = { folded: [], lowered: [], foreign: false };

const isForeign = (text: string) => /[^\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]/u.test(text);

/** A whole name, in any of its groups. */
function groupPart(group: string): NamePart {
  return {
    folded: wholePatterns(foldName(group)),
    lowered: wholePatterns(lowerName(group)).map((pattern) => `%=${pattern}=%`),
    foreign: isForeign(group),
  };
}

function words(group: string): string[] {
  return group.split(new RegExp(`[\\^,.'’\\-\\s${STAR}${MARK}]+`)).filter((word) => foldName(word) !== '');
}

/** Fuzzy matching: each word begins some word of the name, in any order. */
function wordPart(word: string): NamePart {
  const folded = namePattern(foldName(word));
  const lowered = namePattern(lowerName(word));
  return {
    folded: [`${folded}%`, `% ${folded}%`],
    lowered: [`%=${lowered}%`, `%=% ${lowered}%`],
    foreign: isForeign(word),
  };
}

/** As the database lowers names it cannot fold; see the function `lowered_names`. */
function lowerName(personName: string): string {
  return personName
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\^,.'’\-\s]+/g, ' ')
    .trim();
}

function namePattern(name: string): string {
  return literally(name).replaceAll(STAR, '%').replaceAll(MARK, '_');
}

/** The whole name; a component that may be anything may also be missing with its caret: `Doe^*` finds `Doe`. */
function wholePatterns(name: string): string[] {
  const without = name.replace(new RegExp(`^${STAR} | ${STAR}$`, 'g'), '');
  return [...new Set([name, without])].map(namePattern);
}

/** Numbers of rows that searches are planned for; few, because each is a statement that is kept. */
const FETCHES = [16, 128, 1024, 8192, 65_536];

/** How many rows a page and all before it are, rounded up; null for more than anybody pages to. */
export function fetchedAtMost({ limit, offset }: Pick<Search, 'limit' | 'offset'>): number | null {
  return FETCHES.find((rows) => limit + offset <= rows) ?? null;
}

export function isAboutName({ attribute }: SearchKey): boolean {
  return attribute.keyword === 'PatientName';
}

/**
 * A short page of studies by a part of the name, and by nothing else but when: the newest may be looked through for
 * it in an index alone, and an index of letters knows the others.
 */
export function isFindableByLetters(search: Search): boolean {
  const few = (fetchedAtMost(search) ?? Infinity) <= 128;
  return (
    few &&
    search.level === 'study' &&
    search.keys.some(isAboutName) &&
    search.keys.every((key) =>
      isAboutName(key) ? isInfix(key.match) : key.attribute.keyword === 'StudyDate',
    )
  );
}

function isInfix(match: Match): boolean {
  if (match.kind !== 'names') return false;
  return match.names.every(({ anchored, parts }) => !anchored && !parts.some(({ foreign }) => foreign));
}
