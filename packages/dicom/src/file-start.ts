/** How a file begins (PS3.10 section 7.1): preamble, prefix, or a bare data set. */

import { dictionaryVr } from './dictionary.ts';
import type { RefusalReason } from './refusals.ts';
import { VALUE_KIND, VR_UN, ValueKind } from './vr.ts';

/** What stands in the 128 bytes before `DICM`; TIFF headers are legal there (PS3.10 7.1 note). */
export type PreambleKind = 'none' | 'zero' | 'tiff' | 'other';

export interface FileStart {
  preamble: PreambleKind;
  /** Where the file meta information, or else the data set, begins. */
  offset: number;
  /** `DICM` is there. */
  marked: boolean;
}

export interface StartRefusal {
  reason: RefusalReason;
  detail: string;
}

const PREAMBLE = 128;

function startsWith(bytes: Uint8Array, at: number, text: string): boolean {
  for (let index = 0; index < text.length; index++)
    if (bytes[at + index] !== text.charCodeAt(index)) return false;
  return true;
}

/** Beginnings that a computer, a browser or a reader would run or open (PS3.10 section 7.5). */
const PROGRAMS: [magic: string, name: string][] = [
  ['MZ', 'a Windows program'],
  ['\x7fELF', 'a Linux program'],
  ['\xfe\xed\xfa\xce', 'a macOS program'],
  ['\xfe\xed\xfa\xcf', 'a macOS program'],
  ['\xce\xfa\xed\xfe', 'a macOS program'],
  ['\xcf\xfa\xed\xfe', 'a macOS program'],
  ['\xca\xfe\xba\xbe', 'a Java or macOS program'],
  ['\xbe\xba\xfe\xca', 'a macOS program'],
  ['\xca\xfe\xba\xbf', 'a macOS program'],
  ['\xbf\xba\xfe\xca', 'a macOS program'],
  ['\0asm', 'a web program'],
  ['\xd0\xcf\x11\xe0', 'an office document'],
  ['#!', 'a script'],
  ['PK\x03\x04', 'an archive'],
  ['{\\rtf', 'a text document'],
];

/** What the preamble would be taken for by a machine that does not know DICOM; null when harmless. */
function programIn(bytes: Uint8Array): string | null {
  for (const [magic, name] of PROGRAMS) if (startsWith(bytes, 0, magic)) return name;
  let at = startsWith(bytes, 0, '\xef\xbb\xbf') ? 3 : 0;
  while (at < PREAMBLE && bytes[at]! <= 0x20) at++;
  if (at < PREAMBLE && bytes[at] === 0x3c) return 'a web page';
  for (at = 0; at < PREAMBLE; at++) if (startsWith(bytes, at, '%PDF')) return 'a PDF document';
  return null;
}

function preambleKind(bytes: Uint8Array): PreambleKind {
  if (startsWith(bytes, 0, 'II*\0') || startsWith(bytes, 0, 'MM\0*')) return 'tiff';
  for (let at = 0; at < PREAMBLE; at++) if (bytes[at] !== 0) return 'other';
  return 'zero';
}

/** Without `DICM`: do the first bytes read as an element that a data set or a meta header can begin with? */
function beginsWithElement(bytes: Uint8Array, fileSize: number): boolean {
  if (bytes.length < 8) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const known = VALUE_KIND[(bytes[4]! << 8) | bytes[5]!] !== ValueKind.unknown;
  const little = view.getUint16(0, true) < view.getUint16(0, false);
  const group = view.getUint16(0, little);
  if (group !== 2 && group !== 4 && group !== 8) return false;
  if (known) return true;
  const tag = group * 0x10000 + view.getUint16(2, little);
  return dictionaryVr(tag) !== VR_UN && view.getUint32(4, little) <= fileSize - 8;
}

/** Tells where reading starts, or why it does not. `bytes` holds the first 132 bytes where the file has them. */
export function fileStart(bytes: Uint8Array, fileSize: number): FileStart | StartRefusal {
  if (fileSize === 0) return { reason: 'empty', detail: 'no bytes' };
  if (bytes.length >= 132 && startsWith(bytes, PREAMBLE, 'DICM')) {
    const preamble = preambleKind(bytes);
    const program = preamble === 'zero' ? null : programIn(bytes);
    if (program !== null) return { reason: 'program-preamble', detail: `begins like ${program}` };
    return { preamble, offset: 132, marked: true };
  }
  if (startsWith(bytes, 0, 'DICM')) return { preamble: 'none', offset: 4, marked: true };
  if (beginsWithElement(bytes, fileSize)) return { preamble: 'none', offset: 0, marked: false };
  return { reason: 'not-dicom', detail: 'neither the DICM mark nor a data set at the start' };
}
