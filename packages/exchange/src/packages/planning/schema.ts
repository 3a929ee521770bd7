import type { JsonDataSet } from '@filmpost/dicom/directory/dicom-json.ts';

/** An exam in a package; dates are `YYYY-MM-DD`, the name as in DICOM. */
export interface Exam {
  patientName: string;
  patientId: string;
  birthDate: string | null;
  studyDate: string | null;
  description: string;
  modalities: string[];
  images: number;
}

/** What a planner must know of an instance besides its DICOM JSON. */
export interface PlannableInstance {
  id: number;
  seriesId: string;
  sopClassUid: string;
  sopInstanceUid: string;
  transferSyntaxUid: string;
  /** Bytes as it leaves, their CRC-32 (ISO 3309) and SHA-256. */
  size: number;
  crc32: number;
  sha256: Buffer;
  /** SHA-256 as it was received. */
  receivedSha256: Buffer;
  /** By how many bytes a place in the file as received lies further on in what leaves. */
  shift: number;
  mended: boolean;
  bulkData: unknown;
  metadataPartId: number;
  metadataLine: number;
}

/** An instance with its DICOM JSON, in the order in which packages list them. */
export interface DescribedInstance {
  instance: PlannableInstance;
  dataSet: JsonDataSet;
}
