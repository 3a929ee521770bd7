/** How a file begins when it leaves us: a clean preamble and a file meta information (PS3.10 sections 7.1 and 7.5). */

import { joined } from './bytes.ts';
import type { Head } from './head.ts';
import { vrCode, LONG_HEADER } from './vr.ts';

/** `head` stands in for the first `skip` bytes of the stored file; all others leave as they came. */
export interface ServedStart {
  head: Uint8Array;
  skip: number;
}

const PREAMBLE = 128;
const DICM = new TextEncoder().encode('DICM');

/** Who wrote a file meta information that was missing (PS3.7 D.3.3.2). */
const IMPLEMENTATION_CLASS_UID = '2.25.302611764210349735214668710512039482365';
const IMPLEMENTATION_VERSION_NAME = 'FILMPOST';

type MetaElement = [tag: number, vr: string, value: Uint8Array];

/**
 * What a stored file's beginning is replaced by when it is served; null when it leaves as it came. Zero and TIFF
 * preambles stay; others are zeroed, since nobody knows what they would do elsewhere; what is missing is put in front.
 * The same file gives the same bytes.
 *
 * @param beginning at least the first 132 bytes, where the file has them
 */
export function servedStart(head: Head, beginning: Uint8Array): ServedStart | null {
  if (head.warnings.includes('no-file-meta')) {
    return { head: joined([new Uint8Array(PREAMBLE), DICM, fileMeta(head)]), skip: head.dataSetOffset };
  }
  if (head.preamble === 'other') return { head: new Uint8Array(PREAMBLE), skip: PREAMBLE };
  if (head.preamble !== 'none') return null;
  const marked = DICM.every((byte, at) => beginning[at] === byte);
  return { head: marked ? new Uint8Array(PREAMBLE) : joined([new Uint8Array(PREAMBLE), DICM]), skip: 0 };
}

/** The elements that PS3.10 table 7.1-1 requires, from what the data set says of itself. */
function fileMeta({ sopClassUid, sopInstanceUid, transferSyntaxUid }: Head): Uint8Array {
  const elements: MetaElement[] = [
    [0x00020001, 'OB', Uint8Array.of(0, 1)],
    [0x00020002, 'UI', text(sopClassUid, '\0')],
    [0x00020003, 'UI', text(sopInstanceUid, '\0')],
    [0x00020010, 'UI', text(transferSyntaxUid, '\0')],
    [0x00020012, 'UI', text(IMPLEMENTATION_CLASS_UID, '\0')],
    [0x00020013, 'SH', text(IMPLEMENTATION_VERSION_NAME, ' ')],
  ];
  const group = joined(elements.map(metaElement));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, group.length, true);
  return joined([metaElement([0x00020000, 'UL', length]), group]);
}

/** Explicit VR Little Endian (PS3.5 section 7.1.2), whatever the data set is in. */
function metaElement([tag, vr, value]: MetaElement): Uint8Array {
  const long = LONG_HEADER[vrCode(vr)] === 1;
  const bytes = new Uint8Array((long ? 12 : 8) + value.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, tag >>> 16, true);
  view.setUint16(2, tag & 0xffff, true);
  view.setUint16(4, vrCode(vr), false);
  if (long) view.setUint32(8, value.length, true);
  else view.setUint16(6, value.length, true);
  bytes.set(value, bytes.length - value.length);
  return bytes;
}

/** Even in length (PS3.5 section 6.2). */
function text(value: string, padding: string): Uint8Array {
  const bytes = new TextEncoder().encode(value);
  return bytes.length % 2 === 0 ? bytes : new TextEncoder().encode(value + padding);
}
