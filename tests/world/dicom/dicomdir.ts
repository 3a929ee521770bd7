import type { Attributes } from './dictionary.ts';
import { accessionNumberOf, studyIdOf } from './modules.ts';
import type { Instance, StudyContext } from './modules.ts';
import { writePart10 } from './part10.ts';
import { uidFrom } from './uid.ts';

const MEDIA_STORAGE_DIRECTORY = '1.2.840.10008.1.3.10';
const IN_USE = 0xffff;

/** One study on a medium, with the places of its instances. */
export interface DiscStudy {
  readonly context: StudyContext;
  readonly files: readonly (Instance & { readonly path: string })[];
}

interface DirectoryRecord {
  readonly attributes: Attributes;
  readonly lower: readonly DirectoryRecord[];
}

/** Where a record and its relations ended up, as indexes into the flat sequence; -1 for none. */
interface Placed {
  readonly attributes: Attributes;
  readonly next: number;
  readonly lower: number;
}

/**
 * The DICOMDIR a burning station writes (PS3.3 annex F): PATIENT, STUDY, SERIES and IMAGE records linked by byte
 * offsets. Offsets have a fixed width, so the file is laid out with zeros first and written again with the places.
 */
export function writeDicomdir(fileSetId: string, studies: readonly DiscStudy[]): Uint8Array {
  const placed = flattened(patientRecords(studies));
  const starts: number[] = [];
  const length = placed.reduce((at, record) => (starts.push(at), at + 8 + itemLength(record.attributes)), 0);
  const first = write(fileSetId, placed, () => 0).length - length;
  return write(fileSetId, placed, (index) => (index < 0 ? 0 : first + (starts[index] ?? 0)));
}

function write(
  fileSetId: string,
  placed: readonly Placed[],
  offsetOf: (index: number) => number,
): Uint8Array {
  const last = placed.findLastIndex(({ attributes }) => attributes.DirectoryRecordType === 'PATIENT');
  const attributes: Attributes = {
    FileSetID: fileSetId,
    OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity: placed.length ? offsetOf(0) : 0,
    OffsetOfTheLastDirectoryRecordOfTheRootDirectoryEntity: offsetOf(last),
    FileSetConsistencyFlag: 0,
    DirectoryRecordSequence: placed.map((record) => ({
      ...record.attributes,
      OffsetOfTheNextDirectoryRecord: offsetOf(record.next),
      RecordInUseFlag: IN_USE,
      OffsetOfReferencedLowerLevelDirectoryEntity: offsetOf(record.lower),
    })),
  };
  const sopInstanceUid = uidFrom('dicomdir', fileSetId, placed.length);
  return writePart10({ attributes, mediaStorage: { sopClassUid: MEDIA_STORAGE_DIRECTORY, sopInstanceUid } });
}

function itemLength(attributes: Attributes): number {
  const links = {
    OffsetOfTheNextDirectoryRecord: 0,
    RecordInUseFlag: 0,
    OffsetOfReferencedLowerLevelDirectoryEntity: 0,
  };
  return writePart10({ attributes: { ...attributes, ...links }, bareDataSet: true }).length;
}

function patientRecords(studies: readonly DiscStudy[]): DirectoryRecord[] {
  const byPatient = Map.groupBy(
    studies,
    ({ context }) => `${context.patient.issuer}\0${context.patient.patientId}`,
  );
  return [...byPatient.values()].map((theirs) => ({
    attributes: record('PATIENT', {
      PatientName: theirs[0]?.context.patient.name,
      PatientID: theirs[0]?.context.patient.patientId,
      PatientBirthDate: theirs[0]?.context.patient.birthDate,
      PatientSex: theirs[0]?.context.patient.sex,
    }),
    lower: theirs.map(studyRecord),
  }));
}

function studyRecord({ context, files }: DiscStudy): DirectoryRecord {
  const bySeries = Map.groupBy(files, (file) => file.seriesInstanceUid);
  return {
    attributes: record('STUDY', {
      StudyDate: context.studyDate,
      StudyTime: context.studyTime ?? '101500',
      StudyDescription: context.studyDescription ?? '',
      StudyInstanceUID: files[0]?.studyInstanceUid,
      StudyID: studyIdOf(context),
      AccessionNumber: accessionNumberOf(context),
    }),
    lower: [...bySeries.values()].map((theirs) => ({
      attributes: record('SERIES', {
        Modality: theirs[0]?.modality,
        SeriesInstanceUID: theirs[0]?.seriesInstanceUid,
        SeriesNumber: theirs[0]?.seriesNumber,
      }),
      lower: theirs.map(imageRecord),
    })),
  };
}

function imageRecord(file: DiscStudy['files'][number]): DirectoryRecord {
  const attributes = record('IMAGE', {
    ReferencedFileID: file.path.split('/'),
    ReferencedSOPClassUIDInFile: file.sopClassUid,
    ReferencedSOPInstanceUIDInFile: file.sopInstanceUid,
    ReferencedTransferSyntaxUIDInFile: file.transferSyntaxUid,
    InstanceNumber: file.instanceNumber,
  });
  return { attributes, lower: [] };
}

function record(type: string, attributes: Attributes): Attributes {
  return { DirectoryRecordType: type, SpecificCharacterSet: 'ISO_IR 192', ...attributes };
}

/** Depth first: every record is followed by all below it, which is how burning stations write them. */
function flattened(siblings: readonly DirectoryRecord[], from = 0): Placed[] {
  const placed: Placed[] = [];
  siblings.forEach((each, index) => {
    const at = from + placed.length;
    const below = flattened(each.lower, at + 1);
    const next = index + 1 < siblings.length ? at + 1 + below.length : -1;
    placed.push({ attributes: each.attributes, next, lower: below.length ? at + 1 : -1 }, ...below);
  });
  return placed;
}
