/** What the scanner is given, and why it may stop. */

import type { Gap } from './gaps.ts';

export interface ScanLimits {
  /** Sequences within sequences. */
  depth: number;
  /** Elements and items. */
  elements: number;
  /** Bytes of values that are not linked. */
  valueBytes: number;
}

export interface ScanInput {
  /** The beginning of the file, without `gaps`; or an inflated data set. */
  bytes: Uint8Array;
  /** Length of the whole, without `gaps`; may be more than `bytes` holds. */
  size: number;
  /** Linked values left out of `bytes`. More may be asked for where there is a list, be it empty. */
  gaps?: readonly Gap[] | undefined;
  /** Where the data set begins. */
  start: number;
  explicit: boolean;
  littleEndian: boolean;
  limits: ScanLimits;
  /** Ends, without consuming it, at the first element above this tag. */
  lastTag?: number;
}

/** Why a scan ended: at its end, at the pixel data, for want of bytes, or because it went beyond a limit. */
export type ScanStop = 'end' | 'pixel-data' | 'more' | 'cut-off' | 'too-deep' | 'too-many' | 'too-long';
