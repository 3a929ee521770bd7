/** The scanned bytes together with the views on them that decoding values needs. */

import { AsciiText } from './ascii-text.ts';
import type { Element } from './data-set.ts';
import { fileOffset } from './gaps.ts';
import type { Gap } from './gaps.ts';

/** Bytes of one file (or of its inflated data set) as the scanner and every decoder get them. */
export class Source {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly littleEndian: boolean;
  /** Linked values left out of the bytes; none where nobody said that there might be. */
  readonly gaps: readonly Gap[];
  /** Where the last value that is text may end; the end of the bytes until a scan has told. */
  textEnd: number;
  private stretches: AsciiText | null = null;

  constructor(bytes: Uint8Array, littleEndian: boolean, gaps: readonly Gap[] = []) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.littleEndian = littleEndian;
    this.gaps = gaps;
    this.textEnd = bytes.length;
  }

  /** For those who read many texts one behind the other. */
  get ascii(): AsciiText {
    return (this.stretches ??= new AsciiText(this.bytes, this.textEnd));
  }

  /** A tag at an index of the bytes: group and element, each in the byte order of the file. */
  tagAt(index: number): number {
    const word = this.view.getUint32(index, this.littleEndian);
    return this.littleEndian ? ((word << 16) | (word >>> 16)) >>> 0 : word;
  }

  /** Where an element's value begins in the file. */
  offsetOf({ start }: Element): number {
    return this.gaps.length === 0 ? start : fileOffset(this.gaps, start);
  }

  /** How many bytes of an element's value are at hand. */
  heldOf({ start, length }: Element): number {
    if (this.gaps.length > 0 && this.gaps.some(({ at }) => at === start)) return 0;
    return Math.max(0, Math.min(length, this.bytes.length - start));
  }
}
