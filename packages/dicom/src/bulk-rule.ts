/** Which values stand in DICOM JSON as a link instead of in full (PS3.18 F.2.2 leaves the sizes open, and names and identifiers of absurd length unmentioned). */

import { VALUE_KIND, ValueKind } from './vr.ts';

const BINARY_LIMIT = 1024;
const SHORT_LIMIT = 64 * 1024;
const TEXT_LIMIT = 1024 * 1024;

/** VR kind → longest value, in bytes, that is written in full. Tags and sequences always are. */
const LIMITS: number[] = [];
LIMITS[ValueKind.unknown] = BINARY_LIMIT;
LIMITS[ValueKind.strings] = TEXT_LIMIT;
LIMITS[ValueKind.text] = TEXT_LIMIT;
LIMITS[ValueKind.personName] = SHORT_LIMIT;
LIMITS[ValueKind.decimal] = SHORT_LIMIT;
LIMITS[ValueKind.numbers] = SHORT_LIMIT;
LIMITS[ValueKind.tags] = Infinity;
LIMITS[ValueKind.binary] = BINARY_LIMIT;
LIMITS[ValueKind.sequence] = Infinity;

/** Whether an element of this VR number and length in bytes is written as BulkDataURI. Its bytes need not be at hand then. */
export function isBulk(vr: number, length: number): boolean {
  return length > LIMITS[VALUE_KIND[vr]!]!;
}
