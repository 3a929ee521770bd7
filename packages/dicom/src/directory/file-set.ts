/** A File-set (PS3.10 section 8): the instances of a medium in their order of patients, studies and series. */

import { tagText } from '../json.ts';
import { Tag } from '../tags.ts';
import { DataSetWriter } from './data-set-writer.ts';
import { dicomdirFile } from './dicomdir.ts';
import type { DicomdirIdentity } from './dicomdir.ts';
import type { JsonDataSet } from './dicom-json.ts';
import type { DirectoryRecord } from './directory-records.ts';
import type { Key } from './keys.ts';
import { ROOT_LEAVES, recordTypeOf } from './record-types.ts';
import type { LeafType, RecordType } from './record-types.ts';
import { RecordContent } from './taken.ts';
import type { Report } from './taken.ts';
import { admitted } from './values.ts';

/** One instance on the medium. */
export interface FileSetInstance {
  /** Folders and file, e.g. `['IMAGES', 'DICOMS', 'IM1']` (PS3.10 8.2). */
  readonly fileId: readonly string[];
  /** Its DICOM JSON; bulk data is not looked at. Nothing of it is kept but the keys. */
  readonly dataSet: JsonDataSet;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  /** Of the file as it lies on the medium. */
  readonly transferSyntaxUid: string;
  /** (0008,0005) as the file has it, which DICOM JSON does not tell. */
  readonly specificCharacterSet?: string;
}

/** A key that the instances lack and the DICOMDIR must have: made up there, and nowhere else. */
export interface InventedKey {
  readonly recordType: RecordType;
  readonly tag: number;
  /** As PS3.6 calls it. */
  readonly name: string;
  /** The instance has none, or something that the attribute cannot hold. */
  readonly reason: 'missing' | 'not-allowed';
  /** In how many records of the type. */
  readonly records: number;
}

/** An instance that cannot be listed. */
export class UnlistableInstance extends RangeError {
  override readonly name = 'UnlistableInstance';
}

/** A record whose keys are still being gathered from what lies below it. */
interface Branch {
  readonly content: RecordContent;
  readonly specificCharacterSet: string;
  readonly branches: Map<string, Branch>;
  readonly leaves: DirectoryRecord[];
}

const LEVELS = ['PATIENT', 'STUDY', 'SERIES'] as const;

/**
 * Add the instances in the order in which they should be listed, then ask for the DICOMDIR, of the root and of any
 * folder below it. Memory grows by the records only: some hundreds of bytes an instance.
 */
export class FileSet {
  private readonly patients = new Map<string, Branch>();
  private readonly rootLeaves: DirectoryRecord[] = [];
  private readonly counts = new Map<string, InventedKey>();
  private readonly writer = new DataSetWriter();
  private closed: readonly DirectoryRecord[] | null = null;

  /** @throws UnlistableInstance for a File ID or a UID that is none, and once a DICOMDIR was made; nothing is added then */
  add(instance: FileSetInstance): void {
    if (this.closed) throw new UnlistableInstance('The DICOMDIR has been made; begin another File-set.');
    checkInstance(instance);
    const { dataSet, sopClassUid } = instance;
    const type = recordTypeOf(sopClassUid, dataSet[tagText(Tag.rows)] !== undefined);
    const leaves = ROOT_LEAVES.has(type) ? this.rootLeaves : this.series(instance).leaves;
    leaves.push(this.leaf(type, instance, leaves.length + 1));
  }

  /**
   * The DICOMDIR, as one file. The same instances give the same bytes.
   *
   * @throws ImpossibleDicomdir
   */
  dicomdir(identity: DicomdirIdentity): Uint8Array {
    this.closed ??= [...this.records(this.patients, 0), ...this.rootLeaves];
    return dicomdirFile(this.closed, identity);
  }

  /** Which keys had to be made up; complete once a DICOMDIR was made. */
  get invented(): readonly InventedKey[] {
    return [...this.counts.values()];
  }

  private series({ dataSet, specificCharacterSet = '' }: FileSetInstance): Branch {
    const uids = [Tag.studyInstanceUid, Tag.seriesInstanceUid].map((tag) => textOf(dataSet, tag));
    if (!uids.every(isUid))
      throw new UnlistableInstance('An instance has no study or no series to be listed under.');
    let branches = this.patients;
    let branch: Branch | undefined;
    for (const [level, key] of [patientKey(dataSet), ...uids].entries()) {
      branch = branches.get(key) ?? newBranch(LEVELS[level] ?? 'SERIES', specificCharacterSet);
      branches.set(key, branch);
      branch.content.offer(dataSet);
      branches = branch.branches;
    }
    if (!branch) throw new UnlistableInstance('An instance belongs to no patient.');
    return branch;
  }

  private leaf(type: LeafType, instance: FileSetInstance, place: number): DirectoryRecord {
    const content = new RecordContent(type);
    content.offer(instance.dataSet);
    this.writer.text(0x00041510, 'UI', instance.sopClassUid);
    this.writer.text(0x00041511, 'UI', instance.sopInstanceUid);
    this.writer.text(0x00041512, 'UI', instance.transferSyntaxUid);
    this.writer.keys(content.complete(place, this.reporter(type)), instance.specificCharacterSet ?? '');
    return { type, fileId: instance.fileId.join('\\'), content: this.writer.finish(), lower: [] };
  }

  private records(branches: ReadonlyMap<string, Branch>, level: number): DirectoryRecord[] {
    const type = LEVELS[level] ?? 'SERIES';
    return [...branches.values()].map((branch, index) => {
      this.writer.keys(branch.content.complete(index + 1, this.reporter(type)), branch.specificCharacterSet);
      const content = this.writer.finish();
      return {
        type,
        fileId: null,
        content,
        lower: [...this.records(branch.branches, level + 1), ...branch.leaves],
      };
    });
  }

  private reporter(recordType: RecordType): Report {
    return ({ tag, name }: Key, reason) => {
      const key = `${recordType} ${tag} ${reason}`;
      const records = (this.counts.get(key)?.records ?? 0) + 1;
      this.counts.set(key, { recordType, tag, name, reason, records });
    };
  }
}

function newBranch(type: RecordType, specificCharacterSet: string): Branch {
  return { content: new RecordContent(type), specificCharacterSet, branches: new Map(), leaves: [] };
}

/**
 * Who counts as one patient: the same ID from the same issuer with the same name, whatever its case and padding.
 * Where an ID is missing, the birth date has to tell people apart.
 */
export function patientKey(dataSet: JsonDataSet): string {
  const id = textOf(dataSet, Tag.patientId);
  const name = String(admitted('PN', dataSet[tagText(Tag.patientName)]?.Value?.[0]) ?? '');
  const folded = name
    .toUpperCase()
    .replace(/[\s^=]+/g, ' ')
    .trim();
  const birthDate = id === '' ? textOf(dataSet, Tag.patientBirthDate) : '';
  return JSON.stringify([id, textOf(dataSet, Tag.issuerOfPatientId), folded, birthDate]);
}

function textOf(dataSet: JsonDataSet, tag: number): string {
  const value = dataSet[tagText(tag)]?.Value?.[0];
  return typeof value === 'string' ? value.trim() : '';
}

/** As far as a UID can be wrong and still be told from another (PS3.5 9.1). */
function isUid(value: string): boolean {
  return admitted('UI', value) === value;
}

/** A File ID has at most eight components of at most eight characters (PS3.10 8.2 and 8.5). */
function checkInstance({ fileId, sopClassUid, sopInstanceUid, transferSyntaxUid }: FileSetInstance): void {
  const fine = fileId.length <= 8 && fileId.every((each) => /^[A-Z0-9_]{1,8}$/.test(each));
  if (fileId.length === 0 || !fine)
    throw new UnlistableInstance(
      'A File ID has 1 to 8 components of 1 to 8 upper case letters, digits or underscores.',
    );
  if (![sopClassUid, sopInstanceUid, transferSyntaxUid].every(isUid))
    throw new UnlistableInstance('An instance has a UID that is none.');
}
