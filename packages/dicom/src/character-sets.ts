/** Specific Character Set (0008,0005), PS3.3 C.12.1.1.2: from its terms to a decoder of text values. */

import { codePage, decodeRun } from './code-pages.ts';
import type { CodePage } from './code-pages.ts';
import { isUtf8 } from './utf-8.ts';
import { decodeSwitched } from './iso-2022.ts';

export interface CharacterSet {
  /** Terms as they stood in the file, joined by a backslash. */
  readonly terms: string;
  /** All terms are ones DICOM defines (or common misspellings of them). */
  readonly known: boolean;
  /** Decodes one whole value, before it is split at backslashes, `=` or `^`. Never throws. */
  decode(bytes: Uint8Array): string;
}

const ESCAPE = 0x1b;

/** Numbers of the registered sets, whichever of the many spellings found in the field is used. */
function pageOf(term: string): CodePage | null {
  const text = term.trim().toUpperCase();
  if (text === '') return 'ascii';
  if (/^GB ?18030$/.test(text)) return 'gb18030';
  if (/^GBK$|^GB ?2312$/.test(text)) return 'gbk';
  if (/^UTF-?8$/.test(text)) return 'utf-8';
  if (/^(ISO[-_ ]?8859[-_ ]?1|LATIN-?1)$/.test(text)) return 'latin1';
  const number = /^ISO[-_ ]?(?:2022[-_ ]?)?IR[-_ ]?(?:2022[-_ ]?)?(\d+)$/.exec(text)?.[1];
  return number === undefined ? null : codePage(number);
}

/** Value beyond ASCII under no declared set: UTF-8 when it is well formed, else Latin 1. */
function decodeUndeclared(bytes: Uint8Array): string {
  return decodeRun(isUtf8(bytes) ? 'utf-8' : 'latin1', bytes);
}

/** More terms than there are sets; whatever follows decides nothing. */
const MOST_TERMS = 32;

function makeCharacterSet(terms: string): CharacterSet {
  const pages = terms.split('\\', MOST_TERMS).map(pageOf);
  const known = pages.every((page) => page !== null);
  const first = pages[0] ?? 'ascii';
  const whole = first === 'utf-8' || first === 'gb18030' || first === 'gbk';
  const single = pages.length === 1 && first === 'ascii';
  const decode = (bytes: Uint8Array): string => {
    if (whole) return decodeRun(first, bytes);
    if (bytes.includes(ESCAPE)) return decodeSwitched(bytes, first);
    if (single) return decodeUndeclared(bytes);
    return decodeSwitched(bytes, first);
  };
  return { terms, known, decode };
}

const cache = new Map<string, CharacterSet>();
const CACHE_LIMIT = 256;
const LONGEST_CACHED = 256;

/**
 * The decoder for the value of (0008,0005), e.g. `ISO_IR 100` or `\ISO 2022 IR 87`. An unknown term reads
 * as ASCII would. Equal terms give the same object.
 */
export function characterSet(terms: string): CharacterSet {
  const key = terms.trim();
  const cached = cache.get(key);
  if (cached !== undefined) return cached;
  const made = makeCharacterSet(key);
  if (cache.size < CACHE_LIMIT && key.length <= LONGEST_CACHED) cache.set(key, made);
  return made;
}

/** What holds without (0008,0005): ASCII. */
export const DEFAULT_CHARACTER_SET = characterSet('');
