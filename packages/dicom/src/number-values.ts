/** Numbers in binary (PS3.5 table 6.2-1: US SS UL SL UV SV FL FD). */

import type { Element } from './data-set.ts';
import type { Source } from './source.ts';
import { NUMBER_SIZE, vrCode } from './vr.ts';

type Reader = (view: DataView, at: number, little: boolean) => number | bigint;

const READERS: Reader[] = [];
READERS[vrCode('US')] = (view, at, little) => view.getUint16(at, little);
READERS[vrCode('SS')] = (view, at, little) => view.getInt16(at, little);
READERS[vrCode('UL')] = (view, at, little) => view.getUint32(at, little);
READERS[vrCode('SL')] = (view, at, little) => view.getInt32(at, little);
READERS[vrCode('UV')] = (view, at, little) => view.getBigUint64(at, little);
READERS[vrCode('SV')] = (view, at, little) => view.getBigInt64(at, little);
READERS[vrCode('FL')] = (view, at, little) => view.getFloat32(at, little);
READERS[vrCode('FD')] = (view, at, little) => view.getFloat64(at, little);

/** The number at `index` of an element whose VR is one of numbers; the index must be within it. */
export function readNumber(source: Source, element: Element, index: number): number | bigint {
  const at = element.start + index * NUMBER_SIZE[element.vr]!;
  return READERS[element.vr]!(source.view, at, source.littleEndian);
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
