/** The end of a ZIP, which says where its table of contents lies (APPNOTE.TXT 6.3.10, 4.3.14 to 4.3.16). */

import { type ByteSource, holds, viewOf } from './byte-source.ts';
import { UnreadableContainer } from './refusals.ts';

const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const LOCATOR_BYTES = 20;
const ZIP64_END_BYTES = 56;
const END = 'PK\x05\x06';
const LOCATOR = 'PK\x06\x07';
const ZIP64_END = 'PK\x06\x06';

/** Where the central directory lies. `shift` is what stands before the archive, such as a self-extractor. */
export interface ZipEnd {
  entries: number;
  offset: number;
  size: number;
  shift: number;
}

/** @throws UnreadableContainer */
export async function findZipEnd(source: ByteSource): Promise<ZipEnd> {
  const tailBytes = Math.min(source.size, END_BYTES + LONGEST_COMMENT + LOCATOR_BYTES);
  const tailAt = source.size - tailBytes;
  const tail = await source.read(tailAt, tailBytes);
  const at = lastEnd(tail);
  if (at < 0) throw new UnreadableContainer('zip-cut-off');
  const plain = plainEnd(tail, at);
  const end = holds(tail, at - LOCATOR_BYTES, LOCATOR)
    ? await zip64End(source, tail.subarray(at - LOCATOR_BYTES, at), tailAt + at - LOCATOR_BYTES)
    : { ...plain, at: tailAt + at };
  if (end.spanned) throw new UnreadableContainer('zip-spanned');
  const shift = end.at - end.size - end.offset;
  if (shift < 0) throw new UnreadableContainer('zip-broken');
  return { entries: end.entries, offset: end.offset + shift, size: end.size, shift };
}

/** The last record whose comment fits; behind it may stand what a download appended. */
function lastEnd(tail: Uint8Array): number {
  const view = viewOf(tail);
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    if (holds(tail, at, END) && at + END_BYTES + view.getUint16(at + 20, true) <= tail.length) return at;
  }
  return -1;
}

interface Found {
  entries: number;
  offset: number;
  size: number;
  spanned: boolean;
}

function plainEnd(tail: Uint8Array, at: number): Found {
  const view = viewOf(tail);
  const entries = view.getUint16(at + 10, true);
  const spanned =
    view.getUint16(at + 4, true) !== 0 ||
    view.getUint16(at + 6, true) !== 0 ||
    view.getUint16(at + 8, true) !== entries;
  return { entries, size: view.getUint32(at + 12, true), offset: view.getUint32(at + 16, true), spanned };
}

async function zip64End(
  source: ByteSource,
  locator: Uint8Array,
  locatorAt: number,
): Promise<Found & { at: number }> {
  const view = viewOf(locator);
  if (view.getUint32(4, true) !== 0 || view.getUint32(16, true) > 1)
    throw new UnreadableContainer('zip-spanned');
  // Where something stands before the archive, the record still lies right before its locator.
  for (const at of [Number(view.getBigUint64(8, true)), locatorAt - ZIP64_END_BYTES]) {
    if (at < 0 || at + ZIP64_END_BYTES > source.size) continue;
    const bytes = await source.read(at, ZIP64_END_BYTES);
    if (!holds(bytes, 0, ZIP64_END)) continue;
    const record = viewOf(bytes);
    const entries = Number(record.getBigUint64(32, true));
    const size = Number(record.getBigUint64(40, true));
    const offset = Number(record.getBigUint64(48, true));
    const spanned = record.getUint32(16, true) !== 0 || Number(record.getBigUint64(24, true)) !== entries;
    return { entries, size, offset, spanned, at };
  }
  throw new UnreadableContainer('zip-broken');
}
