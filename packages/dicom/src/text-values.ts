/** Text values: trimming, decoding and splitting, fast for the plain ASCII that nearly all of them are. */

import { asciiText } from './ascii-text.ts';
import type { CharacterSet } from './character-sets.ts';
import type { Element } from './data-set.ts';
import type { Source } from './source.ts';

/** What a byte of a text value asks for; a value that asks for nothing is copied as it is. */
export const Ask = { split: 1, escape: 2, decode: 4, groups: 8 } as const;

const ASKS = new Uint8Array(256);
ASKS.fill(Ask.escape, 0, 0x20);
ASKS.fill(Ask.decode, 0x80);
ASKS[0x1b] = Ask.decode;
ASKS[0x22] = Ask.escape;
ASKS[0x5c] = Ask.split;
ASKS[0x3d] = Ask.groups;

/** End of a value without its padding of spaces and NULs (PS3.5 6.2). */
export function trimmedEnd(source: Source, start: number, end: number): number {
  const { bytes } = source;
  while (end > start && (bytes[end - 1] === 0x20 || bytes[end - 1] === 0)) end--;
  return end;
}

/** All that any byte from `start` up to `end` asks for, or-ed together. */
export function asks(bytes: Uint8Array, start: number, end: number): number {
  let found = 0;
  for (let at = start; at < end; at++) found |= ASKS[bytes[at]!]!;
  return found;
}

/** The text from `start` up to `end`, which asks for `found`. */
export function decodeText(
  source: Source,
  start: number,
  end: number,
  set: CharacterSet,
  found: number,
): string {
  if ((found & Ask.decode) === 0) return source.ascii.slice(start, end);
  return set.decode(source.bytes.subarray(start, end));
}

/** Longest text that is put together from its characters, which costs less than a decoder as far as this. */
const SHORT = 64;
/** The characters of a short text, in an array as long as it is. */
const CHARACTERS = Array.from({ length: SHORT + 1 }, (_, length) => Array.from({ length }, () => 0));

/** The text from `start` up to `end`; null where it is long or asks for a decoder. */
function shortText(bytes: Uint8Array, start: number, end: number): string | null {
  const characters = CHARACTERS[end - start];
  if (characters === undefined) return null;
  let found = 0;
  for (let at = 0; at < characters.length; at++) {
    const byte = bytes[start + at]!;
    characters[at] = byte;
    found |= ASKS[byte]!;
  }
  return (found & Ask.decode) === 0 ? String.fromCharCode(...characters) : null;
}

/** Attributes are asked for to be compared and shown; decoding more of one would only cost time. */
const LONGEST_TEXT = 64 * 1024;

/** A value as text, without padding; of an overlong one its beginning. */
export function elementText(source: Source, element: Element, set: CharacterSet): string {
  const { start } = element;
  const end = trimmedEnd(source, start, start + Math.min(LONGEST_TEXT, source.heldOf(element)));
  const { bytes } = source;
  const short = shortText(bytes, start, end);
  if (short !== null) return short;
  const isAscii = (asks(bytes, start, end) & Ask.decode) === 0;
  return isAscii ? asciiText(bytes, start, end) : set.decode(bytes.subarray(start, end));
}

/** Text without spaces and NULs at its end. */
export function trimmedText(text: string): string {
  let end = text.length;
  while (end > 0 && (text.charCodeAt(end - 1) === 0x20 || text.charCodeAt(end - 1) === 0)) end--;
  return end === text.length ? text : text.slice(0, end);
}
