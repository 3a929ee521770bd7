/** What one reading of a head carries along: bytes, limits, warnings. */

import type { Gap } from './gaps.ts';
import type { Head } from './head.ts';
import type { RefusalReason } from './refusals.ts';
import type { HeadWarning } from './warnings.ts';

export interface ReadHeadOptions {
  /**
   * Raw inflate (RFC 1951) of a whole deflated data set. It must stop at `maxOutput` bytes and may throw;
   * a `RangeError` or more output than `maxOutput` means that the limit was passed.
   */
  inflate?: ((bytes: Uint8Array, maxOutput: number) => Uint8Array) | undefined;
  /** Longest inflated data set, in bytes; 64 MiB unless told. */
  maxInflatedBytes?: number;
  /** Longest beginning of a file that is asked for, in bytes; 64 MiB unless told. */
  maxHeadBytes?: number;
  /** Sequences within sequences; 64 unless told. */
  maxDepth?: number;
  /** Elements and items in all; one million unless told. */
  maxElements?: number;
  /** Bytes of values that are not linked, in all; 64 MiB unless told. */
  maxValueBytes?: number;
  /** Longest DICOM JSON, in characters; 256 Mi unless told. */
  maxJsonLength?: number;
  /**
   * What was left out of the bytes given, as the last `more` asked; an empty list at first. Without a list the bytes
   * are a plain beginning, and long values are read through.
   */
  gaps?: readonly Gap[] | undefined;
}

/**
 * `more`: call again with at least `needed` bytes from the beginning of the file, from which `gaps` are left out, and
 * with these gaps, if you gave any list of them. `needed` exceeds what was given and never the file, or there is one
 * gap more, so the loop ends; `readHeadFrom` is that loop.
 */
export type HeadResult =
  | { kind: 'head'; head: Head }
  | { kind: 'more'; needed: number; gaps: readonly Gap[] }
  | { kind: 'refused'; reason: RefusalReason; detail: string };

const MEBIBYTE = 1024 * 1024;
const SMALLEST_STEP = 64 * 1024;
/** Each gap is a round; more long values than any real head has would be read through one by one. */
const MOST_GAPS = 256;
export const DEFAULTS = {
  maxInflatedBytes: 64 * MEBIBYTE,
  maxHeadBytes: 64 * MEBIBYTE,
  maxDepth: 64,
  maxElements: 1_000_000,
  maxValueBytes: 64 * MEBIBYTE,
  maxJsonLength: 256 * MEBIBYTE,
};

/** Member by member: spreading takes long enough to show in the time of a head. */
export function settled(options: ReadHeadOptions): ReadHeadOptions & typeof DEFAULTS {
  return {
    inflate: options.inflate,
    gaps: options.gaps,
    maxInflatedBytes: options.maxInflatedBytes ?? DEFAULTS.maxInflatedBytes,
    maxHeadBytes: options.maxHeadBytes ?? DEFAULTS.maxHeadBytes,
    maxDepth: options.maxDepth ?? DEFAULTS.maxDepth,
    maxElements: options.maxElements ?? DEFAULTS.maxElements,
    maxValueBytes: options.maxValueBytes ?? DEFAULTS.maxValueBytes,
    maxJsonLength: options.maxJsonLength ?? DEFAULTS.maxJsonLength,
  };
}

export interface Reading {
  bytes: Uint8Array;
  /** Length of the file without its gaps. */
  fileSize: number;
  options: ReadHeadOptions & typeof DEFAULTS;
  warnings: Set<HeadWarning>;
}

export function refused(reason: RefusalReason, detail: string): HeadResult {
  return { kind: 'refused', reason, detail };
}

/** Asks for more bytes in growing steps, so that few rounds lead to any head. */
export function more(reading: Reading, needed: number, gap: Gap | null = null): HeadResult {
  const { bytes, fileSize, options } = reading;
  if (needed > options.maxHeadBytes)
    return refused('too-large-header', `${needed} bytes before the pixel data`);
  const held = options.gaps ?? [];
  const gaps = gap === null ? held : [...held, gap];
  if (gaps.length > MOST_GAPS) return refused('too-large-header', 'too many long values');
  const step = gap === null ? Math.max(needed, bytes.length * 2, SMALLEST_STEP) : needed + SMALLEST_STEP;
  const rest = fileSize - (gap?.length ?? 0);
  return { kind: 'more', needed: Math.min(step, options.maxHeadBytes, rest), gaps };
}
