/** The scanned bytes together with the views on them that decoding values needs. */

import { AsciiText } from './ascii-text.ts';

/** Bytes of one file (or of its inflated data set) as every decoder gets them. */
export class Source {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly ascii: AsciiText;
  readonly littleEndian: boolean;

  constructor(bytes: Uint8Array, littleEndian: boolean) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.ascii = new AsciiText(bytes);
    this.littleEndian = littleEndian;
  }
}
