/** The keys of every record type: those of type 1, 1C and 2, and the optional ones that importers ask for. */

import { Tag } from '../tags.ts';
import {
  NO_DATE,
  NO_TIME,
  OTHER_DATES,
  REFERENCE,
  content,
  identification,
  identifiedContent,
  instanceNumber,
  referencedImages,
} from './content-keys.ts';
import { encapsulatedDocument, keyObjectDocument, presentation, srDocument } from './document-keys.ts';
import { inOrder, key, known, required, sequence } from './keys.ts';
import type { Key } from './keys.ts';
import type { RecordType } from './record-types.ts';
import { hangingProtocol, implant, implantAssembly, implantGroup, palette } from './template-keys.ts';

const patient: readonly Key[] = [
  known(Tag.patientName, 'PN', "Patient's Name"),
  required(Tag.patientId, 'LO', 'Patient ID', { otherwise: 'UNKNOWN-#' }),
  key(Tag.issuerOfPatientId, 'LO', 'Issuer of Patient ID'),
  key(Tag.patientBirthDate, 'DA', "Patient's Birth Date"),
  key(Tag.patientSex, 'CS', "Patient's Sex"),
];

const study: readonly Key[] = [
  required(Tag.studyDate, 'DA', 'Study Date', {
    instead: [Tag.seriesDate, Tag.acquisitionDate, Tag.contentDate],
    otherwise: NO_DATE,
  }),
  required(Tag.studyTime, 'TM', 'Study Time', {
    instead: [Tag.seriesTime, Tag.acquisitionTime, Tag.contentTime],
    otherwise: NO_TIME,
  }),
  known(Tag.accessionNumber, 'SH', 'Accession Number'),
  known(Tag.studyDescription, 'LO', 'Study Description'),
  required(Tag.studyInstanceUid, 'UI', 'Study Instance UID'),
  required(Tag.studyId, 'SH', 'Study ID'),
];

const series: readonly Key[] = [
  required(Tag.modality, 'CS', 'Modality', { otherwise: 'OT' }),
  key(Tag.institutionName, 'LO', 'Institution Name'),
  key(Tag.seriesDescription, 'LO', 'Series Description'),
  required(Tag.seriesInstanceUid, 'UI', 'Series Instance UID'),
  required(Tag.seriesNumber, 'IS', 'Series Number'),
];

const image: readonly Key[] = [
  key(Tag.imageType, 'CS', 'Image Type', { count: 0 }),
  referencedImages,
  instanceNumber,
  key(Tag.imagePositionPatient, 'DS', 'Image Position (Patient)', { count: 3 }),
  key(Tag.imageOrientationPatient, 'DS', 'Image Orientation (Patient)', { count: 6 }),
  key(Tag.frameOfReferenceUid, 'UI', 'Frame of Reference UID'),
  key(Tag.numberOfFrames, 'IS', 'Number of Frames'),
  key(Tag.rows, 'US', 'Rows'),
  key(Tag.columns, 'US', 'Columns'),
  key(Tag.pixelSpacing, 'DS', 'Pixel Spacing', { count: 2 }),
];

const spectroscopy: readonly Key[] = [
  required(Tag.imageType, 'CS', 'Image Type', { count: 0, otherwise: 'ORIGINAL\\PRIMARY' }),
  ...content,
  sequence(0x00089092, 'Referenced Image Evidence Sequence', { items: REFERENCE }),
  required(Tag.numberOfFrames, 'IS', 'Number of Frames', { otherwise: '1' }),
  required(Tag.rows, 'US', 'Rows', { otherwise: '1' }),
  required(Tag.columns, 'US', 'Columns', { otherwise: '1' }),
  required(0x00289001, 'UL', 'Data Point Rows', { otherwise: '1' }),
  required(0x00289002, 'UL', 'Data Point Columns', { otherwise: '1' }),
];

const rtDose: readonly Key[] = [
  instanceNumber,
  key(0x30040006, 'LO', 'Dose Comment'),
  required(0x3004000a, 'CS', 'Dose Summation Type', { otherwise: 'PLAN' }),
];

const rtStructureSet: readonly Key[] = [
  instanceNumber,
  required(0x30060002, 'SH', 'Structure Set Label', { otherwise: 'UNLABELLED' }),
  known(0x30060008, 'DA', 'Structure Set Date'),
  known(0x30060009, 'TM', 'Structure Set Time'),
];

const rtPlan: readonly Key[] = [
  instanceNumber,
  required(0x300a0002, 'SH', 'RT Plan Label', { otherwise: 'UNLABELLED' }),
  known(0x300a0006, 'DA', 'RT Plan Date'),
  known(0x300a0007, 'TM', 'RT Plan Time'),
];

const rtTreatmentRecord: readonly Key[] = [
  instanceNumber,
  known(0x30080250, 'DA', 'Treatment Date'),
  known(0x30080251, 'TM', 'Treatment Time'),
];

const radiotherapy: readonly Key[] = [
  instanceNumber,
  known(Tag.contentDescription, 'LO', 'Content Description'),
  known(0x00700084, 'PN', "Content Creator's Name"),
  key(0x30100033, 'SH', 'User Content Label'),
  key(0x30100034, 'LO', 'User Content Long Label'),
];

const assessment: readonly Key[] = [
  required(0x00080012, 'DA', 'Instance Creation Date', {
    instead: [Tag.contentDate, ...OTHER_DATES],
    otherwise: NO_DATE,
  }),
  known(0x00080013, 'TM', 'Instance Creation Time'),
  instanceNumber,
];

const BY_TYPE: Readonly<Record<RecordType, readonly Key[]>> = {
  PATIENT: patient,
  STUDY: study,
  SERIES: series,
  IMAGE: image,
  'RT DOSE': rtDose,
  'RT STRUCTURE SET': rtStructureSet,
  'RT PLAN': rtPlan,
  'RT TREAT RECORD': rtTreatmentRecord,
  RADIOTHERAPY: radiotherapy,
  PLAN: [],
  PRESENTATION: presentation,
  WAVEFORM: content,
  'SR DOCUMENT': srDocument,
  'KEY OBJECT DOC': keyObjectDocument,
  SPECTROSCOPY: spectroscopy,
  'RAW DATA': content,
  REGISTRATION: identifiedContent,
  FIDUCIAL: identifiedContent,
  SURFACE: identifiedContent,
  TRACT: identifiedContent,
  'VALUE MAP': identifiedContent,
  MEASUREMENT: identifiedContent,
  ANNOTATION: identifiedContent,
  'SURFACE SCAN': content.filter((each) => each !== instanceNumber),
  STEREOMETRIC: identification,
  ASSESSMENT: assessment,
  'ENCAP DOC': encapsulatedDocument,
  'HANGING PROTOCOL': hangingProtocol,
  PALETTE: palette,
  IMPLANT: implant,
  'IMPLANT ASSY': implantAssembly,
  'IMPLANT GROUP': implantGroup,
  PRIVATE: [],
};

const ORDERED = new Map(Object.entries(BY_TYPE).map(([type, keys]) => [type, inOrder(keys)]));

/** The keys of one record type in ascending order of their tags (PS3.3 section F.5). */
export function recordKeys(type: RecordType): readonly Key[] {
  return ORDERED.get(type) ?? [];
}
