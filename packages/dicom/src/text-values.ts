/** Text values: trimming, decoding and splitting, fast for the plain ASCII that nearly all of them are. */

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

/** Attributes are asked for to be compared and shown; decoding more of one would only cost time. */
const LONGEST_TEXT = 64 * 1024;

/** A value as text, without padding; of an overlong one its beginning. */
export function elementText(source: Source, element: Element, set: CharacterSet): string {
  const { start } = element;
  const end = trimmedEnd(source, start, start + Math.min(LONGEST_TEXT, source.heldOf(element)));
  return decodeText(source, start, end, set, asks(source.bytes, start, end));
}

/** Text without spaces and NULs at its end. */
export function trimmedText(text: string): string {
  let end = text.length;
  while (end > 0 && (text.charCodeAt(end - 1) === 0x20 || text.charCodeAt(end - 1) === 0)) end--;
  return end === text.length ? text : text.slice(0, end);
}
