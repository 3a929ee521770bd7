/** Numbers in binary (PS3.5 table 6.2-1: US SS UL SL UV SV FL FD). */

import type { Element } from './data-set.ts';
import type { Source } from './source.ts';
import { NUMBER_SIZE, VR_FD, VR_FL, VR_SL, VR_SS, VR_SV, VR_UL, VR_UV } from './vr.ts';

/** The number at `index` of an element whose VR is one of numbers; the index must be within it. */
export function readNumber({ view, littleEndian }: Source, element: Element, index: number): number | bigint {
  const at = element.start + index * NUMBER_SIZE[element.vr]!;
  switch (element.vr) {
    case VR_SS:
      return view.getInt16(at, littleEndian);
    case VR_UL:
      return view.getUint32(at, littleEndian);
    case VR_SL:
      return view.getInt32(at, littleEndian);
    case VR_UV:
      return view.getBigUint64(at, littleEndian);
    case VR_SV:
      return view.getBigInt64(at, littleEndian);
    case VR_FL:
      return view.getFloat32(at, littleEndian);
    case VR_FD:
      return view.getFloat64(at, littleEndian);
    default:
      return view.getUint16(at, littleEndian);
  }
}

/** As many digits as any 32-bit computation holds. */
const MOST_DIGITS = 9;

/** A number written as digits alone between spaces, which sizes and counts are; null for whatever else it is. */
export function wholeNumber(bytes: Uint8Array, start: number, end: number): number | null {
  let from = start;
  let to = end;
  while (to > from && (bytes[to - 1] === 0x20 || bytes[to - 1] === 0)) to--;
  while (from < to && bytes[from] === 0x20) from++;
  if (from === to || to - from > MOST_DIGITS) return null;
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = bytes[at]! - 0x30;
    if (digit < 0 || digit > 9) return null;
    value = value * 10 + digit;
  }
  return value;
}
