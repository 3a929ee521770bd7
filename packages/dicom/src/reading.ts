/** What one reading of a head carries along: bytes, limits, warnings. */

import type { Head } from './head.ts';
import type { RefusalReason } from './refusals.ts';
import { Scanner } from './scanner.ts';
import type { ScanInput } from './scanner.ts';
import type { HeadWarning } from './warnings.ts';

export interface ReadHeadOptions {
  /**
   * Raw inflate (RFC 1951) of a whole deflated data set. It must stop at `maxOutput` bytes and may throw;
   * a `RangeError` or more output than `maxOutput` means that the limit was passed.
   */
  inflate?: (bytes: Uint8Array, maxOutput: number) => Uint8Array;
  /** Longest inflated data set, in bytes; 64 MiB unless told. */
  maxInflatedBytes?: number;
  /** Longest beginning of a file that is asked for, in bytes; 64 MiB unless told. */
  maxHeadBytes?: number;
  /** Sequences within sequences; 64 unless told. */
  maxDepth?: number;
  /** Elements in all; one million unless told. */
  maxElements?: number;
}

/**
 * `more`: call again with at least `needed` bytes from the beginning of the file. `needed` always exceeds
 * what was given and never the file, so the loop ends.
 */
export type HeadResult =
  | { kind: 'head'; head: Head }
  | { kind: 'more'; needed: number }
  | { kind: 'refused'; reason: RefusalReason; detail: string };

const MEBIBYTE = 1024 * 1024;
const SMALLEST_STEP = 64 * 1024;
export const DEFAULTS = {
  maxInflatedBytes: 64 * MEBIBYTE,
  maxHeadBytes: 64 * MEBIBYTE,
  maxDepth: 64,
  maxElements: 1_000_000,
};

export interface Reading {
  bytes: Uint8Array;
  fileSize: number;
  options: ReadHeadOptions & typeof DEFAULTS;
  warnings: Set<HeadWarning>;
}

export function refused(reason: RefusalReason, detail: string): HeadResult {
  return { kind: 'refused', reason, detail };
}

/** Asks for more bytes in growing steps, so that few rounds lead to any head. */
export function more({ bytes, fileSize, options }: Reading, needed: number): HeadResult {
  if (needed > options.maxHeadBytes)
    return refused('too-large-header', `${needed} bytes before the pixel data`);
  const step = Math.max(needed, bytes.length * 2, SMALLEST_STEP);
  return { kind: 'more', needed: Math.min(step, options.maxHeadBytes, fileSize) };
}

export function scan(reading: Reading, input: Omit<ScanInput, 'limits'>): Scanner {
  const { maxDepth: depth, maxElements: elements } = reading.options;
  const scanner = new Scanner({ ...input, limits: { depth, elements } }).run();
  for (const warning of scanner.warnings) reading.warnings.add(warning);
  return scanner;
}
