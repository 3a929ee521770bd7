/** The scanned bytes together with the views on them that decoding values needs. */

import { LatinText } from './latin-text.ts';

/** Bytes of one file (or of its inflated data set) as every decoder gets them. */
export class Source {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly latin: LatinText;
  readonly littleEndian: boolean;

  constructor(bytes: Uint8Array, littleEndian: boolean) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.latin = new LatinText(bytes);
    this.littleEndian = littleEndian;
  }
}
