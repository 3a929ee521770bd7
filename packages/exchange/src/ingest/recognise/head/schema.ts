import type { PreambleKind } from '@filmpost/dicom/file-start.ts';
import type { RefusalReason } from '@filmpost/dicom/refusals.ts';
import type { ServedStart } from '@filmpost/dicom/served-start.ts';
import type { DescribedInstance } from '../../rules.ts';

/** A file within an open blob: its first byte and how many there are. */
export interface Stretch {
  fd: number;
  offset: number;
  size: number;
}

/** What a head says, as the catalogue keeps it; nothing here holds on to the bytes it was read from. */
export type HeadReading =
  | {
      kind: 'instance';
      instance: DescribedInstance & {
        preamble: PreambleKind;
        frameLayout: object;
        bulkData: object | null;
        metadata: string;
      };
      start: ServedStart | null;
    }
  | { kind: 'refused'; reason: RefusalReason; detail: string };
