/** The DICOMDIR file (PS3.10 section 8.6, PS3.3 annex F): records one after the other, linked by byte offsets. */

import { MEDIA_STORAGE_DIRECTORY } from '../admission.ts';
import { joined } from '../bytes.ts';
import { fileMark, fileMeta } from '../meta-writer.ts';
import { EXPLICIT_VR_LITTLE_ENDIAN } from '../transfer-syntaxes.ts';
import { DataSetWriter } from './data-set-writer.ts';
import { LINKS, recordOpening } from './directory-records.ts';
import type { DirectoryRecord } from './directory-records.ts';

/** What tells one DICOMDIR from another. */
export interface DicomdirIdentity {
  /** File-set ID: at most 16 of A–Z, 0–9 and _; on a disc also its volume label (PS3.12 F.1.1). */
  readonly fileSetId: string;
  /** SOP Instance UID of the DICOMDIR itself. */
  readonly sopInstanceUid: string;
  /** Folder of the medium in which the DICOMDIR lies; its root unless said otherwise. File IDs count from here. */
  readonly folder?: readonly string[];
}

/** Something no DICOMDIR can say. */
export class ImpossibleDicomdir extends RangeError {
  override readonly name = 'ImpossibleDicomdir';
}

const MOST_BYTES = 0xfffffffe;

interface Counted {
  bytes: number;
}

/**
 * The whole file. The same records give the same bytes.
 *
 * @throws ImpossibleDicomdir for a File-set ID that is none, files outside the folder, or records beyond 4 GiB
 */
export function dicomdirFile(roots: readonly DirectoryRecord[], identity: DicomdirIdentity): Uint8Array {
  if (!/^[A-Z0-9_]{1,16}$/.test(identity.fileSetId))
    throw new ImpossibleDicomdir('A File-set ID has 1 to 16 upper case letters, digits or underscores.');
  const folder = (identity.folder ?? []).map((component) => `${component}\\`).join('');
  const counted = { bytes: 0 };
  for (const record of everyRecord(roots)) countRecord(record, folder, counted);
  const opening = fileOpening(identity, counted.bytes);
  if (opening.length + counted.bytes > MOST_BYTES)
    throw new ImpossibleDicomdir(
      'The records are more than offsets of 32 bits reach; make several File-sets.',
    );
  const writing = new RecordsInPlace(new Uint8Array(opening.length + counted.bytes), folder);
  writing.bytes.set(opening);
  writing.at = opening.length;
  const { first, last } = writing.siblings(roots);
  writing.view.setUint32(opening.length - FROM_END.first, first, true);
  writing.view.setUint32(opening.length - FROM_END.last, last, true);
  return writing.bytes;
}

function* everyRecord(records: readonly DirectoryRecord[]): Iterable<DirectoryRecord> {
  for (const record of records) {
    yield record;
    yield* everyRecord(record.lower);
  }
}

function countRecord(record: DirectoryRecord, folder: string, counted: Counted): void {
  if (record.fileId !== null && !record.fileId.startsWith(folder))
    throw new ImpossibleDicomdir('A DICOMDIR lists what lies in its folder or below, and nothing else.');
  counted.bytes += recordOpening(record, folder).length + record.content.length;
}

/** Records written depth first; a link is filled in when the record it leads to gets its place. */
class RecordsInPlace {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  at = 0;
  private readonly folder: string;

  constructor(bytes: Uint8Array, folder: string) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
    this.folder = folder;
  }

  /** Offsets of the first and the last of them; 0 when there is none. */
  siblings(records: readonly DirectoryRecord[]): { first: number; last: number } {
    const first = records.length > 0 ? this.at : 0;
    let last = 0;
    for (const record of records) {
      if (last > 0) this.view.setUint32(last + LINKS.next, this.at, true);
      last = this.at;
      this.put(recordOpening(record, this.folder));
      this.put(record.content);
      const lower = this.siblings(record.lower);
      this.view.setUint32(last + LINKS.lower, lower.first, true);
    }
    return { first, last };
  }

  private put(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }
}

/** Where the offsets of the root records lie before the first record: after them come a flag and a sequence header. */
const FROM_END = { first: 12 + 10 + 12 + 4, last: 12 + 10 + 4 } as const;

/** Preamble, file meta information (PS3.10 7.1) and the elements before the first record. */
function fileOpening({ fileSetId, sopInstanceUid }: DicomdirIdentity, recordBytes: number): Uint8Array {
  const meta = fileMeta({
    sopClassUid: MEDIA_STORAGE_DIRECTORY,
    sopInstanceUid,
    transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN,
  });
  const writer = new DataSetWriter();
  writer.text(0x00041130, 'CS', fileSetId);
  writer.numbers(0x00041200, 'UL', [0]);
  writer.numbers(0x00041202, 'UL', [0]);
  writer.numbers(0x00041212, 'US', [0]);
  writer.element(0x00041220, 'SQ', new Uint8Array());
  const dataSet = writer.finish();
  new DataView(dataSet.buffer).setUint32(dataSet.length - 4, recordBytes, true);
  return joined([fileMark(), meta, dataSet]);
}
