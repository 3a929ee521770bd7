import type { PreambleKind } from '@filmpost/dicom/file-start.ts';

/** What leaves in place of the first `skip` bytes, and the digests of the whole as it then is. */
export interface ServedDifference {
  head: Uint8Array;
  skip: number;
  sha256: Buffer;
  crc32: number;
}

/** One instance understood from its bytes, ready to be catalogued. Dates `YYYY-MM-DD`; offsets within the blob. */
export interface RecognisedInstance {
  blobId: string;
  byteOffset: number;
  byteLength: number;
  /** The name it had on the disc, for telling people about it; never a path we write to. */
  name: string;
  sha256: Buffer;
  crc32: number;
  /** What stood in its first 128 bytes (PS3.10 7.1). */
  preamble: PreambleKind;
  /** Null where the bytes leave exactly as they came. */
  served: ServedDifference | null;
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
    procedureStepDate: string | null;
    procedureStepTime: string;
    /** Of each item of the Request Attributes Sequence; the other list has as many. */
    scheduledStepIds: string[];
    requestedProcedureIds: string[];
  };
  sopInstanceUid: string;
  sopClassUid: string;
  transferSyntaxUid: string;
  instanceNumber: number | null;
  numberOfFrames: number;
  rows: number | null;
  columns: number | null;
  bitsAllocated: number | null;
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
