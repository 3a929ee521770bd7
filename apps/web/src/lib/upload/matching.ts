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

/** How a disc's people compare with the one asked for. Sets hold keys of patients. */
export interface Comparison {
  /** Nobody on the disc certainly is the one asked for: perhaps the wrong disc. */
  doubtful: boolean;
  /** Who certainly is not the one asked for. */
  strangers: ReadonlySet<string>;
  /** Whose exams are ticked to begin with. Nobody's: then somebody must choose. */
  ticked: ReadonlySet<string>;
}

/**
 * Exams are ticked beforehand only where there is no doubt whose they are to be: those of the one asked for, or of
 * the only person on the disc unless that certainly is somebody else.
 *
 * @param masked undefined when nobody in particular was asked for
 */
export function compare(patients: readonly PatientWithExams[], masked: string | undefined): Comparison {
  const alike = (wanted: Likeness) =>
    masked ? patients.filter((patient) => likeness(patient, masked) === wanted).map(({ key }) => key) : [];
  const same = alike('same');
  const strangers = new Set(alike('other'));
  const alone = patients.length === 1 ? patients.map(({ key }) => key) : [];
  const ticked = same.length > 0 ? same : alone.filter((key) => !strangers.has(key));
  return { doubtful: Boolean(masked) && same.length === 0, strangers, ticked: new Set(ticked) };
}

/** Keys of the exams that are ticked before anybody has looked. */
export function examsBeforehand(patients: readonly PatientWithExams[], { ticked }: Comparison): string[] {
  return patients.filter(({ key }) => ticked.has(key)).flatMap(({ exams }) => exams.map(({ key }) => key));
}
