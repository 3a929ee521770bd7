/** The Extended Offset Table (PS3.3 C.7.6.3.1.8): frames without a walk over the fragments. */

import { ITEM_HEADER, MOST_FRAGMENTS } from './fragments.ts';
import type { Fragments, ReadAt } from './fragments.ts';
import type { Head, PixelDataLocation } from './head.ts';
import { frameCount } from './pixel-location.ts';
import { Tag } from './tags.ts';

function readTable(head: Head, tag: number, readAt: ReadAt): number[] {
  const location = head.attributes.location(tag);
  const frames = frameCount(head.attributes);
  if (location === null || location.length !== frames * 8 || frames > MOST_FRAGMENTS) return [];
  const bytes = readAt(location.offset, location.length);
  if (bytes.length < location.length) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length >> 3 }, (_, index) => Number(view.getBigUint64(index * 8, true)));
}

function itemLengthAt(readAt: ReadAt, at: number): number {
  const bytes = readAt(at, ITEM_HEADER);
  if (bytes.length < ITEM_HEADER) return -1;
  const view = new DataView(bytes.buffer, bytes.byteOffset, ITEM_HEADER);
  return view.getUint16(0, true) === 0xfffe && view.getUint16(2, true) === 0xe000
    ? view.getUint32(4, true)
    : -1;
}

/** A frame of odd length lies in a fragment one byte longer (PS3.5 A.4). */
function even(length: number): number {
  return length + (length % 2);
}

/**
 * The fragments such a table tells of, one for each frame as it demands; null when there is no such table or it does
 * not fit: frames that do not follow each other, or items that are not where it says at its beginning and end.
 */
export function extendedOffsets(
  head: Head,
  pixelData: PixelDataLocation,
  readAt: ReadAt,
): Pick<Fragments, 'first' | 'lengths'> | null {
  const offsets = readTable(head, Tag.extendedOffsetTable, readAt);
  const lengths = readTable(head, Tag.extendedOffsetTableLengths, readAt).map(even);
  if (offsets.length === 0 || offsets.length !== lengths.length) return null;
  const first = pixelData.offset + ITEM_HEADER + itemLengthAt(readAt, pixelData.offset);
  let at = 0;
  for (let index = 0; index < offsets.length; index++) {
    if (offsets[index] !== at) return null;
    at += ITEM_HEADER + lengths[index]!;
  }
  if (first + at > pixelData.offset + pixelData.length) return null;
  const fits = (index: number) => itemLengthAt(readAt, first + offsets[index]!) === lengths[index];
  return fits(0) && fits(offsets.length - 1) ? { first, lengths } : null;
}
