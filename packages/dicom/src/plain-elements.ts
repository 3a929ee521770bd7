/** Elements as nearly all are, passed in one loop: the scanner's way with all others takes four times as long. */

import type { DataSet } from './data-set.ts';
import { dictionaryVr } from './dictionary.ts';
import type { ScanInput } from './scan-input.ts';
import type { Level } from './scan-level.ts';
import { LONG_HEADER, VALUE_KIND, VR_SQ, VR_UN, ValueKind } from './vr.ts';

/** How far a scan has come. */
export interface ScanProgress {
  position: number;
  /** Elements and items so far. */
  count: number;
  /** Bytes so far of values that are not linked. */
  valueBytes: number;
}

/** No value as short as this is ever linked. */
const SHORT = 1024;
const PIXEL_REPRESENTATION = 0x00280103;
/** Pixel data and delimiters are above. */
const HIGHEST_TAG = 0x7fdfffff;

/**
 * Passes what lies at the position and decides nothing but where it lies: elements in order, of known VR, short and at
 * hand. Stops before all else, and before any limit, for the scanner to look at with care.
 */
export function passPlainElements(
  input: ScanInput,
  level: Level,
  set: DataSet,
  progress: ScanProgress,
): void {
  const { source, limits, lastTag = HIGHEST_TAG } = input;
  const { bytes, view, littleEndian } = source;
  const { elements } = set;
  const end = Math.min(level.end, bytes.length);
  const highest = Math.min(lastTag, HIGHEST_TAG);
  let { position, count, valueBytes } = progress;
  let before = elements.length === 0 ? 0 : elements[elements.length - 1]!.tag;
  while (position + 12 <= end && count < limits.maxElements) {
    const tag = source.tagAt(position);
    if (tag <= before || tag > highest || tag === PIXEL_REPRESENTATION) break;
    const vr = level.explicit ? (bytes[position + 4]! << 8) | bytes[position + 5]! : dictionaryVr(tag);
    if (VALUE_KIND[vr] === ValueKind.unknown || vr === VR_SQ || vr === VR_UN) break;
    const long = level.explicit && LONG_HEADER[vr] === 1;
    const start = position + (long ? 12 : 8);
    const length =
      level.explicit && !long
        ? view.getUint16(position + 6, littleEndian)
        : view.getUint32(start - 4, littleEndian);
    if (length > SHORT || start + length > end || valueBytes + length > limits.maxValueBytes) break;
    elements.push({ tag, vr, start, length, items: null });
    position = start + length;
    valueBytes += length;
    count++;
    before = tag;
  }
  progress.position = position;
  progress.count = count;
  progress.valueBytes = valueBytes;
}
