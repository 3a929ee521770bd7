/** What the scanner is given, and why it may stop. */

import type { Source } from './source.ts';
import type { HeadWarning } from './warnings.ts';

export interface ScanLimits {
  /** Sequences within sequences. */
  maxDepth: number;
  /** Elements and items. */
  maxElements: number;
  /** Bytes of values that are not linked. */
  maxValueBytes: number;
}

export interface ScanInput {
  /** The beginning of the file, without its gaps; or an inflated data set. */
  source: Source;
  /** Length of the whole, without the gaps; may be more than the source holds. */
  size: number;
  /** More values may be left out than the source leaves out already. */
  sparing?: boolean;
  /** Where the data set begins. */
  start: number;
  explicit: boolean;
  limits: ScanLimits;
  /** Receives what is odd. */
  warnings?: Set<HeadWarning>;
  /** Ends, without consuming it, at the first element above this tag. */
  lastTag?: number;
}

/** Why a scan ended: at its end, at the pixel data, for want of bytes, or because it went beyond a limit. */
export type ScanStop = 'end' | 'pixel-data' | 'more' | 'cut-off' | 'too-deep' | 'too-many' | 'too-long';
