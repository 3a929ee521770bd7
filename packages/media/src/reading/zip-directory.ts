/** The entries of a ZIP as its central directory has them (APPNOTE.TXT 6.3.10, 4.3.12). */

import { holds, viewOf } from './byte-source.ts';
import { codePage437 } from './code-page-437.ts';
import { crc32 } from './crc32.ts';

/** One entry. Sizes and offset in bytes; `offset` is where its local header lies, as the directory says. */
export interface ZipEntryRecord {
  path: string;
  folder: boolean;
  link: boolean;
  encrypted: boolean;
  /** 0 stored, 8 deflated; others exist. */
  method: number;
  crc32: number;
  packedSize: number;
  size: number;
  offset: number;
}

const HEADER_BYTES = 46;
const HEADER = 'PK\x01\x02';
const FULL_32 = 0xffffffff;
const ENCRYPTED = 0x0001 | 0x0040 | 0x2000;
const UTF8_NAME = 0x0800;
const AES = 99;
const MADE_BY_UNIX = 3;
const MADE_BY_DARWIN = 19;
const FORMAT_MASK = 0xf000;
const SYMBOLIC_LINK = 0xa000;
const FOLDER = 0x4000;

/** Reads entry after entry; stops where the bytes are no entry any more. */
export function* directoryEntries(bytes: Uint8Array): Generator<ZipEntryRecord> {
  const view = viewOf(bytes);
  for (let at = 0; at + HEADER_BYTES <= bytes.length && holds(bytes, at, HEADER);) {
    const nameEnd = at + HEADER_BYTES + view.getUint16(at + 28, true);
    const extraEnd = nameEnd + view.getUint16(at + 30, true);
    const end = extraEnd + view.getUint16(at + 32, true);
    if (end > bytes.length) return;
    yield entryAt(bytes.subarray(at, end), nameEnd - at, extraEnd - at);
    at = end;
  }
}

function entryAt(header: Uint8Array, nameEnd: number, extraEnd: number): ZipEntryRecord {
  const view = viewOf(header);
  const flags = view.getUint16(8, true);
  const method = view.getUint16(10, true);
  const extras = extraFields(header.subarray(nameEnd, extraEnd));
  const path = nameOf(header.subarray(HEADER_BYTES, nameEnd), flags, extras.get(0x7075));
  const host = view.getUint8(5);
  const unix = host === MADE_BY_UNIX || host === MADE_BY_DARWIN;
  const format = unix ? view.getUint16(40, true) & FORMAT_MASK : 0;
  return {
    path,
    folder: /[/\\]$/.test(path) || format === FOLDER,
    link: format === SYMBOLIC_LINK,
    encrypted: (flags & ENCRYPTED) !== 0 || method === AES,
    method,
    crc32: view.getUint32(16, true),
    ...wideNumbers(view, extras.get(0x0001)),
  };
}

/** The three numbers that may have outgrown 32 bits; those that have stand in the ZIP64 field, in this order (4.5.3). */
function wideNumbers(view: DataView, zip64: Uint8Array | undefined) {
  const wide = zip64 && viewOf(zip64);
  let at = 0;
  const widened = (narrow: number) => {
    if (narrow !== FULL_32 || !wide || at + 8 > wide.byteLength) return narrow;
    at += 8;
    return Number(wide.getBigUint64(at - 8, true));
  };
  const size = widened(view.getUint32(24, true));
  const packedSize = widened(view.getUint32(20, true));
  return { size, packedSize, offset: widened(view.getUint32(42, true)) };
}

function extraFields(bytes: Uint8Array): Map<number, Uint8Array> {
  const fields = new Map<number, Uint8Array>();
  const view = viewOf(bytes);
  for (let at = 0; at + 4 <= bytes.length;) {
    const end = at + 4 + view.getUint16(at + 2, true);
    if (end > bytes.length) break;
    fields.set(view.getUint16(at, true), bytes.subarray(at + 4, end));
    at = end;
  }
  return fields;
}

/** UTF-8 where the entry says so, or has it beside (Info-ZIP's Unicode path, 4.6.9), or where it can be nothing else. */
function nameOf(raw: Uint8Array, flags: number, unicodePath: Uint8Array | undefined): string {
  if (unicodePath && unicodePath.length > 5 && viewOf(unicodePath).getUint32(1, true) === crc32(raw))
    return lenient.decode(unicodePath.subarray(5));
  if (flags & UTF8_NAME) return lenient.decode(raw);
  try {
    return strict.decode(raw);
  } catch {
    return codePage437(raw);
  }
}

const lenient = new TextDecoder();
const strict = new TextDecoder('utf-8', { fatal: true });
