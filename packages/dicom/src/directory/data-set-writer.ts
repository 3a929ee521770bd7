/** Elements as Explicit VR Little Endian bytes (PS3.5 section 7.1.2), the only encoding of a DICOMDIR. */

import { LONG_HEADER, vrCode } from '../vr.ts';
import { encodingFor } from './character-set-choice.ts';
import type { TextEncoding } from './character-set-choice.ts';
import type { Taken, TakenValue } from './taken.ts';
import { isLocalised } from './values.ts';
import { Tag } from '../tags.ts';

const ITEM = 0xfffee000;
const SPACE = 0x20;
const NUL = 0;
/** PS3.5 6.2: how many bytes a number of this VR takes. */
const NUMBER_BYTES: Record<string, 2 | 4> = { US: 2, UL: 4 };

const ascii = new TextEncoder();

/** Grows as it is written to; `taken()` gives what is there and starts over. */
export class DataSetWriter {
  private bytes = new Uint8Array(4096);
  private view = new DataView(this.bytes.buffer);
  private length = 0;

  /** One element; the value is padded to even length, UIDs and bytes with NUL, texts with a space. */
  element(tag: number, vr: string, value: Uint8Array): void {
    const padded = value.length + (value.length % 2);
    this.header(tag, vr, padded);
    this.room(padded);
    this.bytes.set(value, this.length);
    if (padded > value.length)
      this.bytes[this.length + value.length] = vr === 'UI' || vr === 'OB' ? NUL : SPACE;
    this.length += padded;
  }

  /** An element of ASCII text. */
  text(tag: number, vr: string, value: string): void {
    this.element(tag, vr, ascii.encode(value));
  }

  /** An element of whole numbers. */
  numbers(tag: number, vr: 'US' | 'UL', values: readonly number[]): void {
    const size = NUMBER_BYTES[vr] ?? 2;
    this.header(tag, vr, values.length * size);
    this.room(values.length * size);
    for (const value of values) {
      if (size === 2) this.view.setUint16(this.length, value, true);
      else this.view.setUint32(this.length, value, true);
      this.length += size;
    }
  }

  /** Specific Character Set, where the texts need one, and the keys among which it belongs first. */
  keys(taken: readonly Taken[], declared: string): void {
    const encoding = encodingFor(localisedTexts(taken), declared);
    if (encoding.terms !== null) this.text(Tag.specificCharacterSet, 'CS', encoding.terms);
    for (const each of taken) this.taken(each, encoding);
  }

  /** A copy of all that has been written since the last call. */
  finish(): Uint8Array {
    const written = this.bytes.slice(0, this.length);
    this.length = 0;
    return written;
  }

  private taken(taken: Taken, encoding: TextEncoding): void {
    const { tag, vr } = taken.key;
    if ('items' in taken) this.sequence(tag, taken.items, encoding);
    else if (vr === 'US' || vr === 'UL') this.numbers(tag, vr, taken.values.map(Number));
    else this.element(tag, vr, encodedValues(taken, encoding));
  }

  private sequence(tag: number, items: readonly (readonly Taken[])[], encoding: TextEncoding): void {
    this.header(tag, 'SQ', 0);
    const start = this.length;
    for (const item of items) {
      this.room(8);
      this.putTag(ITEM);
      this.length += 4;
      const content = this.length;
      for (const each of item) this.taken(each, encoding);
      this.view.setUint32(content - 4, this.length - content, true);
    }
    this.view.setUint32(start - 4, this.length - start, true);
  }

  private header(tag: number, vr: string, length: number): void {
    const code = vrCode(vr);
    this.room(12);
    this.putTag(tag);
    this.view.setUint16(this.length, code, false);
    this.length += 2;
    if (LONG_HEADER[code] === 1) {
      this.view.setUint16(this.length, 0, true);
      this.view.setUint32(this.length + 2, length, true);
      this.length += 6;
    } else {
      this.view.setUint16(this.length, length, true);
      this.length += 2;
    }
  }

  private putTag(tag: number): void {
    this.view.setUint16(this.length, tag >>> 16, true);
    this.view.setUint16(this.length + 2, tag & 0xffff, true);
    this.length += 4;
  }

  private room(bytes: number): void {
    if (this.length + bytes <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.length + bytes));
    grown.set(this.bytes);
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }
}

function encodedValues({ key, values }: TakenValue, encoding: TextEncoding): Uint8Array {
  const text = values.join('\\');
  return isLocalised(key.vr) ? encoding.encode(text) : ascii.encode(text);
}

function localisedTexts(taken: readonly Taken[]): string[] {
  return taken.flatMap((each) => {
    if ('items' in each) return each.items.flatMap(localisedTexts);
    return isLocalised(each.key.vr) ? each.values.map(String) : [];
  });
}
