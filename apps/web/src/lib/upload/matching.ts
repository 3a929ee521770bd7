import { maskedPatient } from '@filmpost/exchange/access/pins/rules.ts';
import type { PatientWithExams } from './survey.ts';
import type { PatientOnDisc } from './understand-file.ts';

/** Whether a person on the disc can be the one asked for, of whom only initials and year of birth are told. */
export type Likeness = 'same' | 'other' | 'unknown';

/** @param masked as the server tells it: `R… A…, born 1986` */
export function likeness(patient: PatientOnDisc, masked: string): Likeness {
  const { name, birthDate } = patient;
  if (!birthDate) return 'unknown';
  if (!masked.endsWith(birthDate.slice(0, 4))) return 'other';
  const [family = '', given = ''] = name.split('^');
  if (!family || !given) return 'unknown';
  // Discs have family and given name in either order.
  const spellings = [`${family}^${given}`, `${given}^${family}`];
  return spellings.some(
    (spelling) => maskedPatient(spelling, birthDate).toUpperCase() === masked.toUpperCase(),
  )
    ? 'same'
    : 'other';
}

/** How a disc's people compare with the one asked for. */
export interface Comparison {
  /** Somebody on the disc is certainly not the one asked for, and nobody certainly is: perhaps the wrong disc. */
  doubtful: boolean;
  /** Keys of the patients who are not the one asked for, where somebody else is. */
  strangers: ReadonlySet<string>;
}

/**
 * Strangers are told apart only beside somebody who fits: where nobody does, a name may be spelled otherwise, and the
 * clerk decides.
 */
export function compare(patients: readonly PatientWithExams[], masked: string | undefined): Comparison {
  if (!masked) return { doubtful: false, strangers: new Set() };
  const others = patients.filter((patient) => likeness(patient, masked) === 'other');
  const somebody = patients.some((patient) => likeness(patient, masked) === 'same');
  return {
    doubtful: others.length > 0 && !somebody,
    strangers: new Set(somebody ? others.map(({ key }) => key) : []),
  };
}
