import { saintAntony } from '../people.ts';
import type { Institution, Patient } from '../people.ts';
import type { Attributes } from './dictionary.ts';
import { uidFrom } from './uid.ts';

/** Everything the instances of one study have in common. */
export interface StudyContext {
  /** Names the world; all UIDs follow from it and from `key`. */
  readonly seed: string;
  /** Names the study within the world, for example `ada/head-ct`. */
  readonly key: string;
  readonly patient: Patient;
  readonly institution?: Institution;
  /** `YYYYMMDD`. */
  readonly studyDate: string;
  /** `HHMMSS`. */
  readonly studyTime?: string;
  readonly accessionNumber?: string;
  readonly studyDescription?: string;
  readonly referringPhysicianName?: string;
}

export interface SeriesContext {
  readonly seriesNumber: number;
  readonly modality: string;
  readonly seriesDescription?: string;
}

/** One synthetic file and the identities a test compares it by. */
export interface Instance {
  readonly bytes: Uint8Array;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  readonly sopClassUid: string;
  readonly transferSyntaxUid: string;
  readonly modality: string;
  readonly seriesNumber: number;
  readonly instanceNumber: number;
  readonly numberOfFrames: number;
}

export function studyInstanceUidOf(study: StudyContext): string {
  return uidFrom(study.seed, study.key, 'study');
}

export function seriesInstanceUidOf(study: StudyContext, seriesNumber: number): string {
  return uidFrom(study.seed, study.key, 'series', seriesNumber);
}

export function sopInstanceUidOf(study: StudyContext, seriesNumber: number, instanceNumber: number): string {
  return uidFrom(study.seed, study.key, 'series', seriesNumber, 'instance', instanceNumber);
}

/** Patient, General Study and Patient Study modules (PS3.3 C.7.1.1, C.7.2.1, C.7.2.2). */
export function patientAndStudy(study: StudyContext): Attributes {
  const { patient } = study;
  return {
    SpecificCharacterSet: 'ISO_IR 192',
    PatientName: patient.name,
    PatientID: patient.patientId,
    IssuerOfPatientID: patient.issuer,
    PatientBirthDate: patient.birthDate,
    PatientSex: patient.sex,
    PatientAge: ageAt(patient.birthDate, study.studyDate),
    StudyInstanceUID: studyInstanceUidOf(study),
    StudyDate: study.studyDate,
    StudyTime: study.studyTime ?? '101500',
    StudyID: studyIdOf(study),
    AccessionNumber: accessionNumberOf(study),
    StudyDescription: study.studyDescription ?? '',
    ReferringPhysicianName: study.referringPhysicianName ?? 'Okafor^Ngozi^^Dr',
  };
}

/** General Series and General Equipment modules (PS3.3 C.7.3.1, C.7.5.1). */
export function seriesAndEquipment(study: StudyContext, series: SeriesContext): Attributes {
  const institution = study.institution ?? saintAntony;
  return {
    Modality: series.modality,
    SeriesInstanceUID: seriesInstanceUidOf(study, series.seriesNumber),
    SeriesNumber: series.seriesNumber,
    SeriesDate: study.studyDate,
    SeriesTime: study.studyTime ?? '101500',
    SeriesDescription: series.seriesDescription ?? '',
    InstitutionName: institution.name,
    InstitutionalDepartmentName: institution.department,
    Manufacturer: 'Filmpost synthetic imaging',
    ManufacturerModelName: `Phantom ${series.modality}`,
    DeviceSerialNumber: '0001',
    SoftwareVersions: '1',
    StationName: `${series.modality}ROOM1`,
  };
}

/** General Image module and identity of the instance (PS3.3 C.7.6.1, C.12.1). */
export function imageIdentity(study: StudyContext, seriesNumber: number, instanceNumber: number): Attributes {
  return {
    SOPInstanceUID: sopInstanceUidOf(study, seriesNumber, instanceNumber),
    InstanceNumber: instanceNumber,
    PatientOrientation: '',
    AcquisitionNumber: 1,
    AcquisitionDate: study.studyDate,
    AcquisitionTime: study.studyTime ?? '101500',
    ContentDate: study.studyDate,
    ContentTime: study.studyTime ?? '101500',
    BurnedInAnnotation: 'NO',
    LossyImageCompression: '00',
  };
}

export function accessionNumberOf(study: StudyContext): string {
  return study.accessionNumber ?? `A${uidFrom(study.seed, study.key, 'accession').slice(-9)}`;
}

/** Study ID (0020,0010): the last part of the key, in 16 characters. */
export function studyIdOf(study: StudyContext): string {
  return study.key.slice(study.key.lastIndexOf('/') + 1, study.key.lastIndexOf('/') + 17).toUpperCase();
}

/** Age String (PS3.5 section 6.2) in whole years. */
function ageAt(birthDate: string, date: string): string {
  const years = Math.floor((Number(date) - Number(birthDate)) / 10_000);
  return `${String(Math.max(0, years)).padStart(3, '0')}Y`;
}
