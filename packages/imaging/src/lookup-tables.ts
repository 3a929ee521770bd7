/** Lookup tables: modality and VOI LUTs (PS3.3 C.11.1, C.11.2) and palettes, whole or in segments (C.7.6.3.1.5, C.7.9.2). */

import type { Attributes } from '@filmpost/dicom/attributes.ts';
import { NoPicture } from './refusals.ts';

export interface LookupTable {
  /** The input that the first entry belongs to; what lies outside takes the nearest entry. */
  first: number;
  entries: Uint16Array;
  /** Bits of an entry. */
  bits: number;
}

/** What reading a table needs beside its attributes. */
export interface TableSource {
  /** As `Attributes.location` counts. */
  read(offset: number, length: number): Uint8Array;
  littleEndian: boolean;
  /** Whether stored pixels are signed, and so what the descriptor says of the first of them. */
  signed: boolean;
}

interface TableTags {
  descriptor: number;
  data: number;
}

export function lookupOf({ first, entries }: LookupTable, input: number): number {
  return entries[Math.min(entries.length - 1, Math.max(0, Math.round(input) - first))]!;
}

/** A table of whole entries; null where there is none. @throws NoPicture where it is cut off */
export function lookupTable(
  attributes: Attributes,
  tags: TableTags,
  source: TableSource,
): LookupTable | null {
  const words = tableWords(attributes, tags, source);
  if (!words) return null;
  const { count, first, bits, data } = words;
  const entries = data.length >= count * 2 ? wordsOf(data, source) : bytesOf(data, source);
  if (entries.length < count) throw new NoPicture('damaged');
  return { first, bits, entries: entries.subarray(0, count) };
}

/** A palette whose entries are described by segments. */
export function segmentedTable(
  attributes: Attributes,
  tags: TableTags,
  source: TableSource,
): LookupTable | null {
  const words = tableWords(attributes, tags, source);
  if (!words) return null;
  const { count, first, bits, data } = words;
  const entries = expanded(wordsOf(data, source), count);
  return { first, bits, entries };
}

function tableWords(attributes: Attributes, { descriptor, data }: TableTags, source: TableSource) {
  const [count = 0, first = 0, bits = 0] = attributes.numbers(descriptor);
  const place = attributes.location(data);
  if (!place || place.length === 0 || bits === 0) return null;
  return {
    // 65536 entries do not fit the sixteen bits that count them and are written as 0.
    count: count & 0xffff || 0x10000,
    first: source.signed ? (first << 16) >> 16 : first,
    bits: Math.min(16, bits),
    data: source.read(place.offset, Math.min(place.length, 0x40000)),
  };
}

function wordsOf(data: Uint8Array, { littleEndian }: TableSource): Uint16Array {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Uint16Array.from({ length: data.length >> 1 }, (_, at) => view.getUint16(at * 2, littleEndian));
}

/** Entries of eight bits, two to a word, the first in its low byte. */
function bytesOf(data: Uint8Array, { littleEndian }: TableSource): Uint16Array {
  const last = data.length - 1;
  return Uint16Array.from(data, (_, at) => data[littleEndian ? at : Math.min(at ^ 1, last)]!);
}

const DISCRETE = 0;
const LINEAR = 1;
const INDIRECT = 2;

/** Expands discrete, linear and indirect segments (C.7.9.2.2). An indirect one points at segments seen before. */
function expanded(words: Uint16Array, count: number): Uint16Array {
  const out = new Uint16Array(count);
  let filled = 0;
  const put = (value: number) => {
    if (filled >= count) throw new NoPicture('damaged');
    out[filled++] = value;
  };
  const segment = (at: number, repeated: boolean): number => {
    const [opcode, length = 0] = words.subarray(at, at + 2);
    const body = words.subarray(at + 2);
    if (opcode === DISCRETE && body.length >= length) {
      body.subarray(0, length).forEach(put);
      return at + 2 + length;
    }
    if (opcode === LINEAR && body.length > 0) {
      const from = out[filled - 1] ?? 0;
      for (let i = 1; i <= length; i++) put(Math.round(from + ((body[0]! - from) * i) / length));
      return at + 3;
    }
    if (opcode !== INDIRECT || repeated || body.length < 2) throw new NoPicture('damaged');
    let next = (body[0]! + body[1]! * 0x10000) >> 1;
    for (let i = 0; i < length; i++) next = segment(next, true);
    return at + 4;
  };
  for (let at = 0; at < words.length && filled < count;) at = segment(at, false);
  if (filled < count) throw new NoPicture('damaged');
  return out;
}
