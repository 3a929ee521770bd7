/** Elements as Explicit VR Little Endian bytes (PS3.5 section 7.1.2). */

import { LONG_HEADER, VALUE_KIND, ValueKind, vrCode } from '../vr.ts';

const VR_UI = vrCode('UI');
/** VR kinds that are filled up with a space (PS3.5 section 6.2). */
const TEXTS: number[] = [ValueKind.strings, ValueKind.text, ValueKind.personName, ValueKind.decimal];

/** The byte that makes a value even. */
function padOf(vr: number): number {
  return vr !== VR_UI && TEXTS.includes(VALUE_KIND[vr]!) ? 0x20 : 0;
}

/** Grows as it is written to; `finish` gives what is there and starts over. */
export class ElementBytes {
  bytes = new Uint8Array(4096);
  view = new DataView(this.bytes.buffer);
  length = 0;

  /** A whole element; its value is padded to even length. */
  element(tag: number, vr: number, value: Uint8Array): void {
    this.header(tag, vr, value.length + (value.length % 2));
    this.put(value);
    this.pad(vr, value.length);
  }

  header(tag: number, vr: number, length: number): void {
    this.room(12);
    const { view, length: at } = this;
    view.setUint16(at, tag >>> 16, true);
    view.setUint16(at + 2, tag & 0xffff, true);
    view.setUint16(at + 4, vr, false);
    const long = LONG_HEADER[vr] === 1;
    view.setUint16(at + 6, long ? 0 : length, true);
    if (long) view.setUint32(at + 8, length, true);
    this.length += long ? 12 : 8;
  }

  /** An item or a delimiter (PS3.5 section 7.5). */
  delimiter(tag: number, length: number): void {
    this.room(8);
    this.view.setUint16(this.length, tag >>> 16, true);
    this.view.setUint16(this.length + 2, tag & 0xffff, true);
    this.view.setUint32(this.length + 4, length, true);
    this.length += 8;
  }

  /** Bytes as they are; gives where they lie until more is written. */
  put(bytes: Uint8Array): Uint8Array {
    this.room(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
    return this.bytes.subarray(this.length - bytes.length, this.length);
  }

  /** What a value of so many bytes lacks to be even. */
  pad(vr: number, length: number): void {
    if (length % 2 === 1) this.put(Uint8Array.of(padOf(vr)));
  }

  /** A copy of all that has been written since the last call. */
  finish(): Uint8Array {
    const written = this.bytes.slice(0, this.length);
    this.length = 0;
    return written;
  }

  private room(bytes: number): void {
    if (this.length + bytes <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.length + bytes));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }
}
