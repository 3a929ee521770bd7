/** What QIDO-RS may ask of studies (PS3.18 10.6, PS3.4 C.2.2.2). Dates `YYYY-MM-DD`, inclusive. */
export interface StudyFilter {
  studyInstanceUids?: string[];
  patientId?: string;
  /** May hold the wildcards `*` and `?`. */
  patientName?: string;
  accessionNumber?: string;
  studyDateFrom?: string;
  studyDateTo?: string;
  modalitiesInStudy?: string[];
  limit: number;
  offset: number;
}

export interface FoundStudy {
  studyInstanceUid: string;
  studyId: string;
  studyDate: string | null;
  studyTime: string;
  accessionNumber: string;
  modalities: string[];
  referringPhysician: string;
  description: string;
  institution: string;
  patientName: string;
  nameIdeographic: string;
  namePhonetic: string;
  patientId: string;
  issuer: string;
  patientBirthDate: string | null;
  patientSex: string;
  seriesCount: number;
  instanceCount: number;
}

export interface FoundSeries {
  studyInstanceUid: string;
  seriesInstanceUid: string;
  modality: string;
  seriesNumber: number | null;
  description: string;
  bodyPart: string;
  seriesDate: string | null;
  seriesTime: string;
  instanceCount: number;
}

export interface FoundInstance {
  studyInstanceUid: string;
  seriesInstanceUid: string;
  modality: string;
  sopInstanceUid: string;
  sopClassUid: string;
  transferSyntaxUid: string;
  instanceNumber: number | null;
  numberOfFrames: number;
  imageRows: number | null;
  imageColumns: number | null;
}
