/** How a file begins when it leaves us: a clean preamble and a file meta information (PS3.10 sections 7.1 and 7.5). */

import { joined } from './bytes.ts';
import type { Head } from './head.ts';
import { fileMark, fileMeta } from './meta-writer.ts';

/** `head` stands in for the first `skip` bytes of the stored file; all others leave as they came. */
export interface ServedStart {
  head: Uint8Array;
  skip: number;
}

const PREAMBLE = 128;
const DICM = new TextEncoder().encode('DICM');

/**
 * What a stored file's beginning is replaced by when it is served; null when it leaves as it came. Zero and TIFF
 * preambles stay; others are zeroed, since nobody knows what they would do elsewhere; what is missing is put in front.
 * The same file gives the same bytes.
 *
 * @param beginning at least the first 132 bytes, where the file has them
 */
export function servedStart(head: Head, beginning: Uint8Array): ServedStart | null {
  if (head.warnings.includes('no-file-meta')) {
    return { head: joined([fileMark(), fileMeta(head)]), skip: head.dataSetOffset };
  }
  if (head.preamble === 'other') return { head: new Uint8Array(PREAMBLE), skip: PREAMBLE };
  if (head.preamble !== 'none') return null;
  const marked = DICM.every((byte, at) => beginning[at] === byte);
  return { head: marked ? new Uint8Array(PREAMBLE) : fileMark(), skip: 0 };
}
