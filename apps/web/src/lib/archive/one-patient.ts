import { foldName } from '@filmpost/exchange/archive/rules.ts';
import type { StudyListing } from '@filmpost/exchange/archive/schema.ts';

type Patient = Pick<StudyListing, 'patientName' | 'patientId' | 'patientBirthDate'>;

/**
 * Whether two exams may stand in one share: a share opens by one date of birth, so all of it is one patient's.
 * Facilities number the same patient differently; name and date of birth decide then.
 */
export function samePatient(one: Patient, other: Patient): boolean {
  if (one.patientBirthDate !== other.patientBirthDate) return false;
  if (one.patientId !== '' && one.patientId === other.patientId) return true;
  return one.patientBirthDate !== null && foldName(one.patientName) === foldName(other.patientName);
}
