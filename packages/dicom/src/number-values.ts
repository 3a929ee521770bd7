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
