/** The scanned bytes together with the views on them that decoding values needs. */

import { AsciiText } from './ascii-text.ts';
import type { Element } from './data-set.ts';
import { fileOffset } from './gaps.ts';
import type { Gap } from './gaps.ts';

interface Known {
  /** Where the last value that is not linked ends; the end of the bytes unless told. */
  end?: number;
  gaps?: readonly Gap[] | undefined;
}

/** Bytes of one file (or of its inflated data set) as every decoder gets them. */
export class Source {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly ascii: AsciiText;
  readonly littleEndian: boolean;
  private readonly gaps: readonly Gap[];

  constructor(bytes: Uint8Array, littleEndian: boolean, known: Known = {}) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.ascii = new AsciiText(bytes, known.end ?? bytes.length);
    this.littleEndian = littleEndian;
    this.gaps = known.gaps ?? [];
  }

  /** Where an element's value begins in the file. */
  offsetOf({ start }: Element): number {
    return this.gaps.length === 0 ? start : fileOffset(this.gaps, start);
  }

  /** How many bytes of an element's value are at hand. */
  heldOf({ start, length }: Element): number {
    if (this.gaps.some(({ at }) => at === start)) return 0;
    return Math.max(0, Math.min(length, this.bytes.length - start));
  }
}
