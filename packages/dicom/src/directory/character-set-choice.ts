/** Which Specific Character Set a directory record declares, and its texts in that set. */

import { characterSet } from '../character-sets.ts';

/** Texts as bytes. */
export interface TextEncoding {
  /** The value of (0008,0005); null while ASCII suffices. */
  readonly terms: string | null;
  encode(text: string): Uint8Array;
}

const UTF_8 = 'ISO_IR 192';
const LATIN_1 = 'ISO_IR 100';

const utf8 = new TextEncoder();

/** The upper half of a set with one byte a character, as it decodes: what cannot be decoded cannot be chosen. */
function upperHalf(terms: string): ReadonlyMap<string, number> {
  const set = characterSet(terms);
  const half = new Map<string, number>();
  for (let byte = 0xa0; byte <= 0xff; byte++) {
    const character = set.decode(Uint8Array.of(byte));
    if (character.length === 1 && character !== '\ufffd') half.set(character, byte);
  }
  return half;
}

const halves = new Map<string, ReadonlyMap<string, number>>();

function singleByteEncoding(terms: string): TextEncoding {
  const half = halves.get(terms) ?? upperHalf(terms);
  halves.set(terms, half);
  return {
    terms,
    encode: (text) => Uint8Array.from(text, (character) => half.get(character) ?? character.charCodeAt(0)),
  };
}

function expresses(terms: string, text: string): boolean {
  const { encode } = singleByteEncoding(terms);
  return characterSet(terms).decode(encode(text)) === text;
}

const ASCII: TextEncoding = { terms: null, encode: (text) => utf8.encode(text) };
const UNICODE: TextEncoding = { terms: UTF_8, encode: (text) => utf8.encode(text) };

/**
 * The encoding for the texts of one record: none declared for ASCII, else the set the file itself declares if that
 * is one byte a character, else Latin 1, which the oldest readers know, else UTF-8. A file that declares UTF-8 keeps
 * it. Sets with code extensions are not written: whoever reads those reads UTF-8 too.
 */
export function encodingFor(texts: readonly string[], declared = ''): TextEncoding {
  const text = texts.filter((each) => !isAscii(each)).join('\n');
  if (text === '') return ASCII;
  if (declared === UTF_8) return UNICODE;
  const simple = /^ISO_IR \d+$/.test(declared) && characterSet(declared).known;
  const fitting = [...(simple ? [declared] : []), LATIN_1].find((terms) => expresses(terms, text));
  return fitting === undefined ? UNICODE : singleByteEncoding(fitting);
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7e) return false;
  return true;
}
