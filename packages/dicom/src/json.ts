/**
 * The DICOM JSON model (PS3.18 Annex F) of a data set, written straight as text: tags must ascend (F.2.2),
 * and a JavaScript object would put tags that look like integers first.
 */

import { base64 } from './base64.ts';
import { isBulk } from './bulk-rule.ts';
import { DEFAULT_CHARACTER_SET, characterSet } from './character-sets.ts';
import type { CharacterSet } from './character-sets.ts';
import type { DataSet, Element } from './data-set.ts';
import type { PixelDataLocation } from './head.ts';
import { findElement } from './data-set.ts';
import { valueText } from './json-values.ts';
import type { Source } from './source.ts';
import { elementText } from './text-values.ts';
import { NUMBER_SIZE, VALUE_KIND, ValueKind, vrLetters } from './vr.ts';

const SPECIFIC_CHARACTER_SET = 0x00080005;
const AVAILABLE_TRANSFER_SYNTAX_UID = 0x00083002;
const UTF_8 = ',"00080005":{"vr":"CS","Value":["ISO_IR 192"]}';

/** Where the bytes behind one BulkDataURI lie. */
export interface BulkDataLocation {
  /** Tag, or tag/item/tag… for what lies in sequences; items count from 1. As in the BulkDataURI. */
  path: string;
  vr: string;
  /** Byte position in the file; in the inflated data set when the file is deflated. */
  offset: number;
  length: number;
}

/** A data set whose JSON would be longer than whoever asked for it takes. */
export class JsonTooLong extends RangeError {
  override readonly name = 'JsonTooLong';
}

export interface JsonInput {
  source: Source;
  dataSet: DataSet;
  sopInstanceUid: string;
  transferSyntaxUid: string;
  pixelData: PixelDataLocation | null;
  /** In characters. */
  maxJsonLength: number;
}

/** The JSON text of a data set and where its bulk data lies. */
export interface JsonResult {
  json: string;
  bulkData: BulkDataLocation[];
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).toUpperCase().padStart(2, '0'));

/** A tag as the eight hexadecimal digits of DICOM JSON. */
export function tagText(tag: number): string {
  return HEX[tag >>> 24]! + HEX[(tag >>> 16) & 0xff]! + HEX[(tag >>> 8) & 0xff]! + HEX[tag & 0xff]!;
}

/** `,"00100010":{"vr":"PN"` for what has been seen already; bounded, as private tags are without number. */
const openings = new Map<number, { vr: number; text: string }>();
const OPENINGS_LIMIT = 8192;

function opening(element: Element): string {
  const cached = openings.get(element.tag);
  if (cached !== undefined && cached.vr === element.vr) return cached.text;
  const text = `,"${tagText(element.tag)}":{"vr":"${vrLetters(element.vr)}"`;
  if (openings.size < OPENINGS_LIMIT) openings.set(element.tag, { vr: element.vr, text });
  return text;
}

/** The character set a data set declares, or the one it inherits from what holds it (PS3.5 7.5.3). */
export function characterSetOf(source: Source, set: DataSet, inherited: CharacterSet): CharacterSet {
  const element = findElement(set, SPECIFIC_CHARACTER_SET);
  return element === undefined
    ? inherited
    : characterSet(elementText(source, element, DEFAULT_CHARACTER_SET));
}

/** Characters of JSON that are put together before they are laid flat. */
const CHUNK = 16 * 1024;

/**
 * A string that was built by appending is a tree of its pieces until somebody looks into it; asking for a character
 * has engines lay it flat. Trees of a million pieces would take many times the memory of their text.
 */
function flat(text: string): string {
  text.charCodeAt(0);
  return text;
}

class JsonWriter {
  readonly bulkData: BulkDataLocation[] = [];
  private readonly source: Source;
  private readonly uriStart: string;
  private readonly path: string[] = [];
  private readonly chunks: string[] = [];
  private readonly room: number;
  private taken = 0;
  private text = '';
  private first = false;

  constructor({ source, sopInstanceUid, maxJsonLength }: JsonInput) {
    this.source = source;
    this.room = maxJsonLength;
    this.uriStart = `instances/${encodeURIComponent(sopInstanceUid)}/bulkdata/`;
  }

  /** All that was written. */
  written(): string {
    return this.chunks.length === 0 ? this.text : this.chunks.join('') + this.text;
  }

  /** Every member brings its comma along; the first one of an object is rid of it. */
  private write(text: string): void {
    this.text += this.first ? text.replace(',', '') : text;
    this.first = text === '{';
    if (this.text.length < CHUNK) return;
    this.taken += this.text.length;
    if (this.taken > this.room) throw new JsonTooLong(`more than ${this.room} characters`);
    this.chunks.push(flat(this.text));
    this.text = '';
  }

  /** The object of the whole data set; two of its members are ours to say. */
  dataSet(set: DataSet, { transferSyntaxUid, pixelData }: JsonInput): void {
    const characters = characterSetOf(this.source, set, DEFAULT_CHARACTER_SET);
    const stored = `,"00083002":{"vr":"UI","Value":[${JSON.stringify(transferSyntaxUid)}]}`;
    const own: [tag: number, text: string][] = [
      [SPECIFIC_CHARACTER_SET, UTF_8],
      [AVAILABLE_TRANSFER_SYNTAX_UID, stored],
    ];
    this.write('{');
    for (const element of set.elements) {
      if ((element.tag & 0xffff) === 0) continue;
      while (own.length > 0 && own[0]![0] < element.tag) this.write(own.shift()![1]);
      if (element.tag !== own[0]?.[0]) this.member(element, characters);
    }
    for (const [, text] of own) this.write(text);
    if (pixelData !== null) this.write(this.pixels(pixelData));
    this.write('}');
  }

  /** Metadata has all attributes (PS3.18 10.4.3.3.2); where the pixels lie is the head's to say, not `bulkData`'s. */
  private pixels({ tag, vr, length }: PixelDataLocation): string {
    const uri = length > 0 ? `,"BulkDataURI":${JSON.stringify(this.uriStart + tagText(tag))}` : '';
    return `,"${tagText(tag)}":{"vr":"${vr}"${uri}}`;
  }

  /** An item's object. Sequences recurse; the scanner bounds their depth. */
  private item(set: DataSet, inherited: CharacterSet): void {
    const characters = characterSetOf(this.source, set, inherited);
    this.write('{');
    for (const element of set.elements) {
      if ((element.tag & 0xffff) === 0) continue;
      if (element.tag === SPECIFIC_CHARACTER_SET) this.write(UTF_8);
      else this.member(element, characters);
    }
    this.write('}');
  }

  private member(element: Element, characters: CharacterSet): void {
    if (element.items === null) this.write(opening(element) + this.value(element, characters));
    else {
      this.write(opening(element));
      this.items(element, element.items, characters);
    }
  }

  private value(element: Element, characters: CharacterSet): string {
    if (isBulk(element.vr, element.length)) return `,"BulkDataURI":${JSON.stringify(this.bulkUri(element))}}`;
    if (VALUE_KIND[element.vr] === ValueKind.binary) return this.inline(element);
    return valueText(this.source, element, characters);
  }

  private items(element: Element, items: DataSet[], characters: CharacterSet): void {
    if (items.length === 0) return this.write('}');
    const place = this.path.push(tagText(element.tag), '');
    for (let index = 0; index < items.length; index++) {
      this.path[place - 1] = String(index + 1);
      this.write(index === 0 ? ',"Value":[' : ',');
      this.item(items[index]!, characters);
    }
    this.path.length -= 2;
    this.write(']}');
  }

  private bulkUri(element: Element): string {
    const path = [...this.path, tagText(element.tag)].join('/');
    const { vr, length } = element;
    this.bulkData.push({ path, vr: vrLetters(vr), offset: this.source.offsetOf(element), length });
    return this.uriStart + path;
  }

  /** Inline binary is little endian whatever the file is (PS3.18 F.2.7 by way of 8.7.3). */
  private inline(element: Element): string {
    if (element.length === 0) return '}';
    const { bytes, littleEndian } = this.source;
    const end = element.start + element.length;
    const size = NUMBER_SIZE[element.vr]!;
    if (littleEndian || size === 0) return `,"InlineBinary":"${base64(bytes, element.start, end)}"}`;
    const swapped = new Uint8Array(bytes.subarray(element.start, end));
    for (let at = 0; at + size <= swapped.length; at += size) swapped.subarray(at, at + size).reverse();
    return `,"InlineBinary":"${base64(swapped, 0, swapped.length)}"}`;
  }
}

/**
 * The DICOM JSON object of a whole data set for WADO-RS metadata. The text is UTF-8 in the end, so
 * (0008,0005) says ISO_IR 192; (0008,3002) tells the stored transfer syntax, as PS3.18 10.4.1.1.2 asks.
 * @throws JsonTooLong
 */
export function dataSetJson(input: JsonInput): JsonResult {
  const writer = new JsonWriter(input);
  writer.dataSet(input.dataSet, input);
  return { json: writer.written(), bulkData: writer.bulkData };
}
