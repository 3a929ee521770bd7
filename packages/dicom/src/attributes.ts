/** Reading attributes by tag, decoded when asked for. */

import type { CharacterSet } from './character-sets.ts';
import { DEFAULT_CHARACTER_SET } from './character-sets.ts';
import type { DataSet, Element } from './data-set.ts';
import { findElement } from './data-set.ts';
import { characterSetOf } from './json.ts';
import { readNumber, wholeNumber } from './number-values.ts';
import type { Source } from './source.ts';
import { elementText, trimmedText } from './text-values.ts';
import { NUMBER_SIZE, VALUE_KIND, ValueKind } from './vr.ts';

/** A person name in its three component groups (PS3.5 6.2.1); absent groups are empty strings. */
export interface PersonName {
  alphabetic: string;
  ideographic: string;
  phonetic: string;
}

const NO_NAME: PersonName = { alphabetic: '', ideographic: '', phonetic: '' };

/**
 * The attributes of one data set. It keeps the scanned bytes alive, and the texts it gives out may be slices
 * of them: take what is needed and let it go.
 */
export class Attributes {
  private readonly source: Source;
  private readonly dataSet: DataSet;
  private readonly characters: CharacterSet;

  constructor(source: Source, dataSet: DataSet, inherited: CharacterSet = DEFAULT_CHARACTER_SET) {
    this.source = source;
    this.dataSet = dataSet;
    this.characters = characterSetOf(source, dataSet, inherited);
  }

  /** Whether all its character sets are ones that DICOM defines. */
  get charactersKnown(): boolean {
    return this.characters.known;
  }

  /** Whether the element is there, be it empty. */
  has(tag: number): boolean {
    return this.element(tag) !== undefined;
  }

  /**
   * The value as text without padding, several values with backslashes between; '' when absent or left out, the
   * beginning of what is longer than any text needs.
   */
  text(tag: number): string {
    const element = this.element(tag);
    if (element === undefined || element.length === 0 || element.items !== null) return '';
    if (VALUE_KIND[element.vr] === ValueKind.numbers) return this.numbers(tag).join('\\');
    return elementText(this.source, element, this.characters);
  }

  /** Each value as text, spaces at both ends removed; none when absent or empty. */
  texts(tag: number, most?: number): string[] {
    const text = this.text(tag);
    return text === '' ? [] : text.split('\\', most).map((value) => trimmedText(value).trimStart());
  }

  /** The first value as a number, of DS and IS too; null when absent or no number. */
  number(tag: number): number | null {
    const element = this.element(tag);
    if (element === undefined || element.items !== null) return null;
    const held = this.source.heldOf(element);
    if (VALUE_KIND[element.vr] === ValueKind.numbers)
      return held < NUMBER_SIZE[element.vr]! ? null : Number(readNumber(this.source, element, 0));
    const digits = wholeNumber(this.source.bytes, element.start, element.start + held);
    return digits ?? this.numbers(tag, 1)[0] ?? null;
  }

  /** All values that are numbers; at most `most` of them. */
  numbers(tag: number, most?: number): number[] {
    const element = this.element(tag);
    if (element === undefined || element.items !== null) return [];
    const size = NUMBER_SIZE[element.vr]!;
    if (VALUE_KIND[element.vr] !== ValueKind.numbers)
      return this.texts(tag, most).filter(Boolean).map(Number).filter(Number.isFinite);
    const count = Math.min(most ?? Infinity, Math.floor(this.source.heldOf(element) / size));
    return Array.from({ length: count }, (_, index) => Number(readNumber(this.source, element, index)));
  }

  /** The first person name. */
  personName(tag: number): PersonName {
    const text = this.text(tag);
    if (text === '') return NO_NAME;
    if (!text.includes('=') && !text.includes('\\')) return { ...NO_NAME, alphabetic: trimmedText(text) };
    const groups = text.split('\\', 1)[0]!.split('=').map(trimmedText);
    return { alphabetic: groups[0] ?? '', ideographic: groups[1] ?? '', phonetic: groups[2] ?? '' };
  }

  /** The items of a sequence; none when it is absent or no sequence. */
  items(tag: number): Attributes[] {
    const items = this.element(tag)?.items ?? [];
    return items.map((item) => new Attributes(this.source, item, this.characters));
  }

  /** Where the value lies, in the file or the inflated data set; null when absent. */
  location(tag: number): { offset: number; length: number } | null {
    const element = this.element(tag);
    return element === undefined ? null : { offset: this.source.offsetOf(element), length: element.length };
  }

  private element(tag: number): Element | undefined {
    return findElement(this.dataSet, tag);
  }
}
