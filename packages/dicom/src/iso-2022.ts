/** Code extension by escape sequences (ISO/IEC 2022) as PS3.3 C.12.1.1.2 and PS3.5 6.1.2.5 narrow it. */

import { decodeRun } from './code-pages.ts';
import type { CodePage } from './code-pages.ts';

const ESCAPE = 0x1b;

interface Designation {
  page: CodePage;
  /** Half of the code table it goes to: 0 for bytes below 80H, 1 for those from there on. */
  half: 0 | 1;
}

/** Escape sequences without the ESC (PS3.3 tables C.12-3 and C.12-4). */
const DESIGNATIONS: Record<string, Designation> = {
  '(B': { page: 'ascii', half: 0 },
  '(J': { page: 'jis-x-0201', half: 0 },
  ')I': { page: 'jis-x-0201', half: 1 },
  $B: { page: 'jis-x-0208', half: 0 },
  '$@': { page: 'jis-x-0208', half: 0 },
  '$(D': { page: 'jis-x-0212', half: 0 },
  '$)C': { page: 'euc-kr', half: 1 },
  '$)A': { page: 'gb2312', half: 1 },
  '-A': { page: 'latin1', half: 1 },
  '-B': { page: 'iso-8859-2', half: 1 },
  '-C': { page: 'iso-8859-3', half: 1 },
  '-D': { page: 'iso-8859-4', half: 1 },
  '-F': { page: 'iso-8859-7', half: 1 },
  '-G': { page: 'iso-8859-6', half: 1 },
  '-H': { page: 'iso-8859-8', half: 1 },
  '-L': { page: 'iso-8859-5', half: 1 },
  '-M': { page: 'iso-8859-9', half: 1 },
  '-T': { page: 'tis-620', half: 1 },
  '-b': { page: 'iso-8859-15', half: 1 },
};

function designationAt(bytes: Uint8Array, at: number): { length: number; found: Designation } | null {
  for (const length of [2, 3]) {
    const key = String.fromCharCode(...bytes.subarray(at + 1, at + 1 + length));
    const found = DESIGNATIONS[key];
    if (found !== undefined) return { length: length + 1, found };
  }
  return null;
}

/** Backslash, caret, equals sign, tab, line feed, form feed, carriage return. */
const DELIMITERS = new Set([0x5c, 0x5e, 0x3d, 0x09, 0x0a, 0x0c, 0x0d]);

function isPaired(page: CodePage): boolean {
  return page === 'jis-x-0208' || page === 'jis-x-0212';
}

function isPairAt(bytes: Uint8Array, at: number): boolean {
  const [first = 0, second = 0] = [bytes[at], bytes[at + 1]];
  return first > 0x20 && first < 0x7f && second > 0x20 && second < 0x7f;
}

/** Where a run of pairs ends; a byte that cannot be half of one is a run of its own. */
function pairsEnd(bytes: Uint8Array, at: number): number {
  let end = at;
  while (isPairAt(bytes, end)) end += 2;
  return end === at ? at + 1 : end;
}

/** Where a run of single bytes ends: before the next escape (one that means nothing is in the run), and after a delimiter where that changes anything. */
function singlesEnd(bytes: Uint8Array, at: number, initial: boolean): number {
  let end = bytes[at] === ESCAPE ? at + 1 : at;
  while (end < bytes.length && bytes[end] !== ESCAPE)
    if (DELIMITERS.has(bytes[end++]!) && !initial) return end;
  return end;
}

/** The set of the upper half decodes ASCII too, so that one run needs one decoder. */
function pageForRun(run: Uint8Array, low: CodePage, high: CodePage): CodePage {
  if (isPaired(low) && run.length > 1) return low;
  if (run.some((byte) => byte >= 0x80)) return high;
  return isPaired(low) ? 'ascii' : low;
}

/**
 * Decodes one value that may switch sets. `initial` is the set of the first term. After a delimiter the
 * initial state returns (PS3.5 6.1.2.5.3), except that an upper half that was empty to begin with keeps
 * what was put there: many writers leave out the repetition, and nothing else could be meant.
 */
export function decodeSwitched(bytes: Uint8Array, initial: CodePage): string {
  const initialLow: CodePage = initial === 'jis-x-0201' ? initial : 'ascii';
  const initialHigh: CodePage = isPaired(initial) ? 'ascii' : initial;
  const state: [low: CodePage, high: CodePage] = [initialLow, initialHigh];
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const escape = bytes[at] === ESCAPE ? designationAt(bytes, at) : null;
    if (escape !== null) {
      state[escape.found.half] = escape.found.page;
      at += escape.length;
      continue;
    }
    const paired = isPaired(state[0]);
    const initially = state[0] === initialLow && state[1] === initialHigh;
    const end = paired ? pairsEnd(bytes, at) : singlesEnd(bytes, at, initially);
    const run = bytes.subarray(at, end);
    text += decodeRun(pageForRun(run, state[0], state[1]), run);
    if ((!paired || run.length === 1) && DELIMITERS.has(run.at(-1)!)) {
      state[0] = initialLow;
      if (initialHigh !== 'ascii') state[1] = initialHigh;
    }
    at = end;
  }
  return text;
}
