/** One instance understood from its bytes, ready to be catalogued. Dates `YYYY-MM-DD`; offsets within the blob. */
export interface RecognisedInstance {
  blobId: string;
  byteOffset: number;
  byteLength: number;
  /** The name it had on the disc, for telling people about it; never a path we write to. */
  name: string;
  sha256: Buffer;
  crc32: number;
  patient: {
    identifier: string;
    issuer: string;
    name: string;
    nameIdeographic: string;
    namePhonetic: string;
    birthDate: string | null;
    sex: string;
  };
  study: {
    studyInstanceUid: string;
    studyId: string;
    studyDate: string | null;
    studyTime: string;
    description: string;
    accessionNumber: string;
    referringPhysician: string;
    institution: string;
  };
  series: {
    seriesInstanceUid: string;
    modality: string;
    seriesNumber: number | null;
    description: string;
    bodyPart: string;
    seriesDate: string | null;
    seriesTime: string;
  };
  sopInstanceUid: string;
  sopClassUid: string;
  transferSyntaxUid: string;
  instanceNumber: number | null;
  numberOfFrames: number;
  rows: number | null;
  columns: number | null;
  frameLayout: object | null;
  bulkData: object | null;
  /** DICOM JSON of its data set, one line (PS3.18 Annex F). */
  metadata: string;
}

export interface CatalogueTarget {
  facilityId: string;
  uploadId: string;
  /** Set while the exams are not yet the facility's. */
  heldByUploadId: string | null;
}

/** What became of each instance offered. */
export interface Catalogued {
  added: RecognisedInstance[];
  /** Byte for byte what the catalogue holds already, from elsewhere. */
  duplicates: RecognisedInstance[];
  /** The same SOP Instance UID with other bytes: kept aside for a human, never overwritten. */
  conflicts: RecognisedInstance[];
  studyInstanceUids: string[];
}
