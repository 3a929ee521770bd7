/**
 * What a DICOMDIR says lies on its medium (PS3.3 annex F). Discs are copied, cut and added to, so this is a hint and
 * never the truth: nothing is found by it, and no link in it is followed.
 */

import { Attributes } from '../attributes.ts';
import { bodyOf } from '../body.ts';
import { readMeta } from '../file-meta.ts';
import { fileStart } from '../file-start.ts';
import { DEFAULTS } from '../reading.ts';
import type { Reading } from '../reading.ts';
import { Scanner } from '../scanner.ts';
import { Source } from '../source.ts';
import { Tag } from '../tags.ts';
import { ROOT_LEAVES } from './record-types.ts';

/** An instance that is said to be there. */
export interface ListedFile {
  /** Referenced File ID, `/` between its components; relative to the folder of the DICOMDIR. */
  path: string;
  /** Empty where the record does not say. */
  sopInstanceUid: string;
}

/** Records of what belongs to no patient or may be no instance at all; some consoles have those above name more lists. */
const OTHERS: ReadonlySet<string> = new Set([...ROOT_LEAVES, 'PRIVATE', 'PATIENT', 'STUDY', 'SERIES']);
const INACTIVE = 0;
/** PS3.10 section 8.2 allows eight; longer paths and names are met with. */
const MOST_COMPONENTS = 16;
const LONGEST_PATH = 255;

/**
 * The patients' instances that a DICOMDIR lists, in its order.
 *
 * @param bytes all of it, or a beginning: then what that lists
 * Never throws for what the bytes are; memory and time are bounded as those of a head.
 */
export function listedFiles(bytes: Uint8Array): ListedFile[] {
  const reading: Reading = { bytes, fileSize: bytes.length, options: DEFAULTS, warnings: new Set() };
  const start = fileStart(bytes, bytes.length);
  if ('reason' in start) return [];
  const meta = readMeta(reading, start);
  if ('kind' in meta) return [];
  const body = bodyOf(reading, meta);
  if ('kind' in body) return [];
  const { size, start: from, encoding } = body;
  const source = new Source(body.bytes, encoding.littleEndian);
  const { dataSet } = new Scanner({
    source,
    size,
    start: from,
    explicit: encoding.explicit,
    limits: DEFAULTS,
  }).run();
  const records = new Attributes(source, dataSet);
  return records.items(Tag.directoryRecordSequence).flatMap((record) => listed(record) ?? []);
}

function listed(record: Attributes): ListedFile | null {
  const components = record.texts(Tag.referencedFileId, MOST_COMPONENTS);
  if (components.length === 0 || OTHERS.has(record.text(Tag.directoryRecordType))) return null;
  if (record.number(Tag.recordInUseFlag) === INACTIVE) return null;
  return {
    path: components.join('/').slice(0, LONGEST_PATH),
    sopInstanceUid: record.texts(Tag.referencedSopInstanceUidInFile, 1)[0] ?? '',
  };
}
