/** Directory records as bytes: the links every record begins with, then what it says (PS3.3 table F.3-3). */

import { DataSetWriter } from './data-set-writer.ts';
import type { RecordType } from './record-types.ts';

/** A record with all below it. */
export interface DirectoryRecord {
  readonly type: RecordType;
  /** Components with backslashes between, from the root of the File-set; null for a record without a file. */
  readonly fileId: string | null;
  /** The elements after Referenced File ID. */
  readonly content: Uint8Array;
  readonly lower: readonly DirectoryRecord[];
}

/** Where the links lie within a record, counted from its item tag. Their places never change. */
export const LINKS = { next: 16, lower: 38 } as const;

const IN_USE = 0xffff;
/** Whoever meets our PRIVATE records knows by this what they are: instances of a class without a record type. */
const PRIVATE_RECORD_UID = '2.25.173080741091945279178066125688261062351';

const openings = new DataSetWriter();

/** The record's first elements; `folder` is where the DICOMDIR lies, with a backslash at its end, or empty. */
export function recordOpening({ type, fileId, content }: DirectoryRecord, folder: string): Uint8Array {
  openings.numbers(0x00041400, 'UL', [0]);
  openings.numbers(0x00041410, 'US', [IN_USE]);
  openings.numbers(0x00041420, 'UL', [0]);
  openings.text(0x00041430, 'CS', type);
  if (type === 'PRIVATE') openings.text(0x00041432, 'UI', PRIVATE_RECORD_UID);
  if (fileId !== null) openings.text(0x00041500, 'CS', fileId.slice(folder.length));
  const elements = openings.finish();
  const opening = new Uint8Array(8 + elements.length);
  const view = new DataView(opening.buffer);
  view.setUint16(0, 0xfffe, true);
  view.setUint16(2, 0xe000, true);
  view.setUint32(4, elements.length + content.length, true);
  opening.set(elements, 8);
  return opening;
}
