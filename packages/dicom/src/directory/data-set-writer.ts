/** Elements as Explicit VR Little Endian bytes (PS3.5 section 7.1.2), the only encoding of a DICOMDIR. */

import { ElementBytes } from '../explicit/element-bytes.ts';
import { vrCode } from '../vr.ts';
import { encodingFor } from './character-set-choice.ts';
import type { TextEncoding } from './character-set-choice.ts';
import type { Taken, TakenValue } from './taken.ts';
import { isLocalised } from './values.ts';
import { Tag } from '../tags.ts';

const ITEM = 0xfffee000;
/** PS3.5 6.2: how many bytes a number of this VR takes. */
const NUMBER_BYTES: Record<string, 2 | 4> = { US: 2, UL: 4 };

const ascii = new TextEncoder();

/** Grows as it is written to; `finish()` gives what is there and starts over. */
export class DataSetWriter {
  private readonly out = new ElementBytes();

  /** One element; the value is padded to even length, UIDs and bytes with NUL, texts with a space. */
  element(tag: number, vr: string, value: Uint8Array): void {
    this.out.element(tag, vrCode(vr), value);
  }

  /** An element of ASCII text. */
  text(tag: number, vr: string, value: string): void {
    this.element(tag, vr, ascii.encode(value));
  }

  /** An element of whole numbers. */
  numbers(tag: number, vr: 'US' | 'UL', values: readonly number[]): void {
    const size = NUMBER_BYTES[vr] ?? 2;
    const bytes = new Uint8Array(values.length * size);
    const view = new DataView(bytes.buffer);
    values.forEach((value, index) => {
      if (size === 2) view.setUint16(index * size, value, true);
      else view.setUint32(index * size, value, true);
    });
    this.element(tag, vr, bytes);
  }

  /** Specific Character Set, where the texts need one, and the keys among which it belongs first. */
  keys(taken: readonly Taken[], declared: string): void {
    const encoding = encodingFor(localisedTexts(taken), declared);
    if (encoding.terms !== null) this.text(Tag.specificCharacterSet, 'CS', encoding.terms);
    for (const each of taken) this.taken(each, encoding);
  }

  /** A copy of all that has been written since the last call. */
  finish(): Uint8Array {
    return this.out.finish();
  }

  private taken(taken: Taken, encoding: TextEncoding): void {
    const { tag, vr } = taken.key;
    if ('items' in taken) this.sequence(tag, taken.items, encoding);
    else if (vr === 'US' || vr === 'UL') this.numbers(tag, vr, taken.values.map(Number));
    else this.element(tag, vr, encodedValues(taken, encoding));
  }

  private sequence(tag: number, items: readonly (readonly Taken[])[], encoding: TextEncoding): void {
    this.out.header(tag, vrCode('SQ'), 0);
    const start = this.out.length;
    for (const item of items) {
      this.out.delimiter(ITEM, 0);
      const content = this.out.length;
      for (const each of item) this.taken(each, encoding);
      this.out.view.setUint32(content - 4, this.out.length - content, true);
    }
    this.out.view.setUint32(start - 4, this.out.length - start, true);
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
