/** The Extended Offset Table (PS3.3 C.7.6.3.1.8): frames without a walk over the fragments. */

import type { ReadAt } from './fragments.ts';
import type { Head, PixelDataLocation } from './head.ts';
import { frameCount } from './pixel-location.ts';
import { Tag } from './tags.ts';

function readTable(head: Head, tag: number, readAt: ReadAt): number[] {
  const location = head.attributes.location(tag);
  if (location === null || location.length !== frameCount(head.attributes) * 8) return [];
  const bytes = readAt(location.offset, location.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length >> 3 }, (_, index) => Number(view.getBigUint64(index * 8, true)));
}

/** Offset and length of every frame; null when there is no such table or it does not fit the file. */
export function extendedOffsets(head: Head, pixelData: PixelDataLocation, readAt: ReadAt): number[][] | null {
  const offsets = readTable(head, Tag.extendedOffsetTable, readAt);
  const lengths = readTable(head, Tag.extendedOffsetTableLengths, readAt);
  if (offsets.length === 0 || offsets.length !== lengths.length) return null;
  const header = readAt(pixelData.offset, 8);
  if (header.length < 8) return null;
  const tableLength = new DataView(header.buffer, header.byteOffset, 8).getUint32(4, true);
  const base = pixelData.offset + 8 + tableLength;
  const end = pixelData.offset + pixelData.length;
  const frames = offsets.map((offset, index) => [base + offset + 8, lengths[index]!]);
  return frames.every(([offset, length]) => offset! + length! <= end) ? frames : null;
}
