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
  likeness: ReadonlyMap<string, Likeness>;
  /** Nobody on the disc can be the one asked for: likely the wrong disc. */
  nobody: boolean;
  /** Keys of the exams that are ticked before anybody touches them. */
  ticked: ReadonlySet<string>;
}

/**
 * Exams of somebody else are left unticked only beside exams that fit: where none fits, a name may be spelled
 * otherwise, and the clerk decides.
 */
export function compare(patients: readonly PatientWithExams[], masked: string | undefined): Comparison {
  const verdicts = new Map(
    patients.map((patient) => [patient.key, masked ? likeness(patient, masked) : ('unknown' as const)]),
  );
  const somebody = [...verdicts.values()].includes('same');
  const fitting = patients.filter(({ key }) => !somebody || verdicts.get(key) !== 'other');
  return {
    likeness: verdicts,
    nobody: patients.length > 0 && [...verdicts.values()].every((verdict) => verdict === 'other'),
    ticked: new Set(fitting.flatMap(({ exams }) => exams.map(({ key }) => key))),
  };
}
