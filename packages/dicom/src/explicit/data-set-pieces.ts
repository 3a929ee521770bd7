/** Data sets in Explicit VR Little Endian (PS3.5 sections 7.1.2 and A.2), value for value. */

import type { DataSet, Element } from '../data-set.ts';
import { dictionaryVr } from '../dictionary.ts';
import type { Source } from '../source.ts';
import { LONG_HEADER, NUMBER_SIZE, VR_OW, VR_SQ, VR_UN, VR_US_OR_SS, vrCode } from '../vr.ts';
import { ElementBytes } from './element-bytes.ts';
import { type Piece, type Stretch, turnWords } from './pieces.ts';

const ITEM = 0xfffee000;
const ITEM_END = 0xfffee00d;
const SEQUENCE_END = 0xfffee0dd;
const UNDEFINED_LENGTH = 0xffffffff;
/** Longest value of a header that has 16 bits for its length; values are even. */
const SHORT_LENGTH = 0xfffe;

/** What cannot be said in Explicit VR Little Endian: fragments below the top level (PS3.5 A.4). */
export class Unwritable extends Error {
  override readonly name = 'Unwritable';
}

/** Elements of the top level that are to be other than they are stored; null for those that are left out. */
export type Changes = ReadonlyMap<number, { vr: string; value: Uint8Array } | null>;

/** Gathers the pieces of a made data set. */
export class DataSetPieces {
  readonly #pieces: Piece[] = [];
  readonly #bytes = new ElementBytes();

  /** All that was written. */
  pieces(): Piece[] {
    this.#flush();
    return this.#pieces;
  }

  /**
   * Writes what was scanned. Group lengths, which would be others now, are left out (PS3.5 section 7.2), sequences and
   * their items get undefined lengths.
   * @throws Unwritable
   */
  dataSet(source: Source, { elements }: DataSet, changes: Changes = new Map()): void {
    const own = [...changes].sort(([a], [b]) => a - b);
    const ownBelow = (tag: number) => {
      while (own[0] !== undefined && own[0][0] <= tag) {
        const [changed, to] = own.shift()!;
        if (to !== null) this.#bytes.element(changed, vrCode(to.vr), to.value);
      }
    };
    for (const element of elements) {
      ownBelow(element.tag);
      if ((element.tag & 0xffff) !== 0 && !changes.has(element.tag)) this.#element(source, element);
    }
    ownBelow(UNDEFINED_LENGTH);
  }

  /** An element whose value lies elsewhere and is `stretch`. */
  linked(tag: number, vr: number, stretch: Stretch): void {
    this.header(tag, vr, stretch.length + (stretch.length % 2));
    this.#stretch(stretch);
    this.#bytes.pad(vr, stretch.length);
  }

  /** The header of an element whose value somebody else sends next. */
  header(tag: number, vr: number, length: number): void {
    this.#bytes.header(tag, vr, length);
  }

  #element(source: Source, element: Element): void {
    const { tag, start, length, items } = element;
    if (items !== null) return this.#sequence(source, tag, items);
    if (isUndefined(source, element)) throw new Unwritable('fragments within a sequence');
    const vr = writtenVr(element);
    const word = source.littleEndian ? 1 : NUMBER_SIZE[element.vr]!;
    if (source.heldOf(element) < length) {
      this.linked(tag, vr, { offset: source.offsetOf(element), length, word });
      return;
    }
    this.header(tag, vr, length + (length % 2));
    turnWords(this.#bytes.put(source.bytes.subarray(start, start + length)), word);
    this.#bytes.pad(vr, length);
  }

  #sequence(source: Source, tag: number, items: readonly DataSet[]): void {
    this.header(tag, VR_SQ, items.length === 0 ? 0 : UNDEFINED_LENGTH);
    for (const item of items) {
      this.#bytes.delimiter(ITEM, UNDEFINED_LENGTH);
      this.dataSet(source, item);
      this.#bytes.delimiter(ITEM_END, 0);
    }
    if (items.length > 0) this.#bytes.delimiter(SEQUENCE_END, 0);
  }

  #stretch(stretch: Stretch): void {
    this.#flush();
    if (stretch.length > 0) this.#pieces.push(stretch);
  }

  #flush(): void {
    if (this.#bytes.length > 0) this.#pieces.push(this.#bytes.finish());
  }
}

/** Whether an element that is no sequence was stored as fragments up to a delimiter; its header ends with its length. */
function isUndefined({ view, littleEndian }: Source, { start }: Element): boolean {
  return view.getUint32(start - 4, littleEndian) === UNDEFINED_LENGTH;
}

/** Implicit VR has 32 bits for every length; what does not fit otherwise is OW where it may be, else UN (PS3.5 6.2.2). */
function writtenVr({ tag, vr, length }: Element): number {
  if (LONG_HEADER[vr] === 1 || length <= SHORT_LENGTH) return vr;
  return dictionaryVr(tag) === VR_US_OR_SS ? VR_OW : VR_UN;
}
