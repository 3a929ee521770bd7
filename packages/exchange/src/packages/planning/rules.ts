import type { JsonDataSet } from '@filmpost/dicom/directory/dicom-json.ts';
import type { BulkDataLocation } from '@filmpost/dicom/json.ts';
import {
  DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
  EXPLICIT_VR_LITTLE_ENDIAN,
} from '@filmpost/dicom/transfer-syntaxes.ts';
import type { PlannableInstance } from './schema.ts';

const ENCAPSULATED_PDF = '1.2.840.10008.5.1.4.1.1.104.1';
const DOCUMENT = '00420011';
const DOCUMENT_LENGTH = '00420015';
const LOSSY_IMAGE_COMPRESSION = '00282110';

/** Transfer syntaxes that can only lose (PS3.5 A.4): JPEG 1, 2, 4; JPEG-LS near-lossless; MPEG and HEVC. */
const ALWAYS_LOSSY = /^1\.2\.840\.10008\.1\.2\.4\.(?:50|51|53|55|81|10\d(?:\.1)?)$/;

/** Whether pixels were lost before the instance was handed in (features X17). */
export function isLossy({ transferSyntaxUid }: PlannableInstance, dataSet: JsonDataSet): boolean {
  return dataSet[LOSSY_IMAGE_COMPRESSION]?.Value?.[0] === '01' || ALWAYS_LOSSY.test(transferSyntaxUid);
}

/** Uncompressed Explicit VR Little Endian, which the profile STD-GEN-CD asks for (PS3.11 D). */
export function isGeneralPurpose({ transferSyntaxUid }: PlannableInstance): boolean {
  return transferSyntaxUid === EXPLICIT_VR_LITTLE_ENDIAN;
}

/**
 * Where an encapsulated PDF lies in what leaves of the instance, with its pad byte: a document of odd length is padded
 * to an even one (PS3.5 7.1.1). Null for every other instance and where the bytes cannot be given as they lie.
 */
export function documentPlace(instance: PlannableInstance): { offset: number; length: number } | null {
  if (instance.sopClassUid !== ENCAPSULATED_PDF) return null;
  if (instance.transferSyntaxUid === DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN) return null;
  const location = locations(instance.bulkData).find(({ path }) => path.toUpperCase() === DOCUMENT);
  return location ? { offset: location.offset + instance.shift, length: location.length } : null;
}

/** Bytes of the document without its padding: as the instance says, else one less where it ends in a zero. */
export function documentLength(dataSet: JsonDataSet, padded: number, lastByte: number): number {
  const said = Number(dataSet[DOCUMENT_LENGTH]?.Value?.[0]);
  if (said === padded || said === padded - 1) return said;
  return lastByte === 0 ? padded - 1 : padded;
}

function locations(stored: unknown): readonly BulkDataLocation[] {
  return Array.isArray(stored) ? stored.filter(isLocation) : [];
}

function isLocation(value: unknown): value is BulkDataLocation {
  return (
    typeof value === 'object' && value !== null && 'path' in value && 'offset' in value && 'length' in value
  );
}
