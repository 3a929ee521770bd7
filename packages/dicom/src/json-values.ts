/** The `Value` arrays of the DICOM JSON model (PS3.18 F.2.3 to F.2.6), written as text. */

import { latinText } from './ascii-text.ts';
import type { CharacterSet } from './character-sets.ts';
import type { Element } from './data-set.ts';
import { readNumber } from './number-values.ts';
import type { Source } from './source.ts';
import { Ask, asks, decodeText, trimmedEnd, trimmedText } from './text-values.ts';
import { NUMBER_SIZE, VALUE_KIND, ValueKind } from './vr.ts';

/** A text as JSON string; the well-formed kind, as lone surrogates cannot leave as UTF-8. */
function quoted(text: string): string {
  return JSON.stringify(text.isWellFormed() ? text : text.toWellFormed());
}

function quotedOrNull(text: string): string {
  const trimmed = trimmedText(text);
  return trimmed === '' ? 'null' : quoted(trimmed);
}

/** `,"Value":[…]}` of a text VR; `}` alone when there is no value. */
function textValues(source: Source, element: Element, set: CharacterSet): string {
  const { start } = element;
  const end = trimmedEnd(source, start, start + element.length);
  if (end === start) return '}';
  const found = asks(source.bytes, start, end) & ~Ask.groups;
  if (found === 0) return `,"Value":["${source.ascii.slice(start, end)}"]}`;
  const text = decodeText(source, start, end, set, found);
  if (VALUE_KIND[element.vr] === ValueKind.text) return `,"Value":[${quoted(text)}]}`;
  if ((found & Ask.split) === 0) return `,"Value":[${quotedOrNull(text)}]}`;
  return `,"Value":[${text.split('\\').map(quotedOrNull).join(',')}]}`;
}

const GROUPS = ['Alphabetic', 'Ideographic', 'Phonetic'];

/** One person name as the object of PS3.18 F.2.2; `null` for an empty one among several. */
function personNameObject(text: string): string {
  const parts: string[] = [];
  text.split('=', 3).forEach((group, index) => {
    const name = trimmedText(group);
    if (name !== '') parts.push(`"${GROUPS[index]}":${quoted(name)}`);
  });
  return parts.length === 0 ? 'null' : `{${parts.join(',')}}`;
}

function personNames(source: Source, element: Element, set: CharacterSet): string {
  const { start } = element;
  const end = trimmedEnd(source, start, start + element.length);
  if (end === start) return '}';
  const found = asks(source.bytes, start, end);
  if (found === 0) return `,"Value":[{"Alphabetic":"${source.ascii.slice(start, end)}"}]}`;
  const text = decodeText(source, start, end, set, found);
  return `,"Value":[${text.split('\\').map(personNameObject).join(',')}]}`;
}

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const LOOSE_NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** A DS or IS component: a number where it is one, else the text as it stood (PS3.18 F.2.3.1). */
function decimalValue(text: string): string {
  const trimmed = trimmedText(text).trimStart();
  if (trimmed === '') return 'null';
  if (!LOOSE_NUMBER.test(trimmed)) return quoted(trimmed);
  const value = Number(trimmed);
  if (!Number.isFinite(value)) return quoted(trimmed);
  return JSON_NUMBER.test(trimmed) ? trimmed : String(value);
}

/** What the bytes of a DS or IS are that nearly all are: numbers as JSON has them, with backslashes between. */
const Plain = { no: 0, one: 1, several: 2 } as const;

function plainness(bytes: Uint8Array, start: number, end: number): number {
  let found: number = Plain.one;
  for (let at = start; ;) {
    if (bytes[at] === MINUS) at++;
    const first = at;
    at = pastDigits(bytes, at, end);
    if (at === first || (bytes[first] === ZERO && at - first > 1)) return Plain.no;
    if (at < end && bytes[at] === POINT) {
      const fraction = at + 1;
      at = pastDigits(bytes, fraction, end);
      if (at === fraction) return Plain.no;
    }
    if (at === end) return found;
    if (bytes[at++] !== BACKSLASH) return Plain.no;
    found = Plain.several;
  }
}

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const BACKSLASH = 0x5c;

function pastDigits(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at]! >= ZERO && bytes[at]! < ZERO + 10) at++;
  return at;
}

function decimalValues(source: Source, element: Element): string {
  const { bytes, ascii } = source;
  const { start } = element;
  const end = trimmedEnd(source, start, start + element.length);
  if (end === start) return '}';
  const plain = plainness(bytes, start, end);
  if (plain === Plain.one) return `,"Value":[${ascii.slice(start, end)}]}`;
  if (plain === Plain.several) return `,"Value":[${ascii.slice(start, end).replaceAll('\\', ',')}]}`;
  const inAscii = (asks(bytes, start, end) & Ask.decode) === 0;
  const text = inAscii ? ascii.slice(start, end) : latinText(bytes, start, end);
  return `,"Value":[${text.split('\\').map(decimalValue).join(',')}]}`;
}

/** A number as JSON can say it: beyond 2^53 and for NaN and infinities a string. */
function numberText(value: number | bigint): string {
  if (typeof value === 'bigint') {
    const exact = value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER;
    return exact ? value.toString() : `"${value}"`;
  }
  if (Number.isFinite(value)) return Object.is(value, -0) ? '-0.0' : String(value);
  if (Number.isNaN(value)) return '"NaN"';
  return value > 0 ? '"inf"' : '"-inf"';
}

function numberValues(source: Source, element: Element): string {
  const count = Math.floor(element.length / NUMBER_SIZE[element.vr]!);
  if (count === 0) return '}';
  if (count === 1) return `,"Value":[${numberText(readNumber(source, element, 0))}]}`;
  let texts = numberText(readNumber(source, element, 0));
  for (let index = 1; index < count; index++) texts += `,${numberText(readNumber(source, element, index))}`;
  return `,"Value":[${texts}]}`;
}

function hex4(value: number): string {
  return value.toString(16).toUpperCase().padStart(4, '0');
}

function tagValues(source: Source, element: Element): string {
  const values: string[] = [];
  for (let at = element.start; at + 4 <= element.start + element.length; at += 4) {
    const group = source.view.getUint16(at, source.littleEndian);
    values.push(`"${hex4(group)}${hex4(source.view.getUint16(at + 2, source.littleEndian))}"`);
  }
  return values.length === 0 ? '}' : `,"Value":[${values.join(',')}]}`;
}

/** `,"Value":[…]}` of everything that is no sequence and not binary; `}` alone when there is no value. */
export function valueText(source: Source, element: Element, set: CharacterSet): string {
  if (element.length === 0) return '}';
  switch (VALUE_KIND[element.vr]) {
    case ValueKind.personName:
      return personNames(source, element, set);
    case ValueKind.decimal:
      return decimalValues(source, element);
    case ValueKind.numbers:
      return numberValues(source, element);
    case ValueKind.tags:
      return tagValues(source, element);
    default:
      return textValues(source, element, set);
  }
}
