import { foldName } from '@filmpost/exchange/archive/rules.ts';

/** A patient as images or a request name them: DICOM PN text, and `YYYY-MM-DD` where it is known. */
export interface NamedPatient {
  patientName: string;
  patientBirthDate: string | null;
}

/** Whether an exam that came is the requested patient's. `name`: the date agrees, the name does not. */
export type Belonging = 'same' | 'name' | 'birth-date' | 'unknown';

/**
 * Compares like a careful clerk: the date of birth decides; a name may be shortened, accented or written with a
 * middle name and is still the same.
 */
export function belonging(requested: NamedPatient, found: NamedPatient): Belonging {
  const { patientBirthDate: date } = found;
  if (date !== null && date !== requested.patientBirthDate) return 'birth-date';
  if (foldName(found.patientName) === '') return date === null ? 'unknown' : 'same';
  if (!sameName(requested.patientName, found.patientName)) return 'name';
  return date === null ? 'unknown' : 'same';
}

function sameName(one: string, other: string): boolean {
  const [family, given] = nameParts(one);
  const [otherFamily, otherGiven] = nameParts(other);
  const joined = (a: string, b: string) => `${a} ${b}`.trim();
  if (joined(family, given) === joined(otherFamily, otherGiven)) return true;
  return family === otherFamily && (given.startsWith(otherGiven) || otherGiven.startsWith(given));
}

function nameParts(personName: string): [family: string, given: string] {
  const [family = '', given = ''] = personName.split('=', 1).join('').split('^').map(foldName);
  return [family, given.split(' ')[0] ?? ''];
}

/** The warning beside an exam; null when there is nothing to warn of. */
export function belongingSentence(kind: Belonging): string | null {
  switch (kind) {
    case 'same':
      return null;
    case 'birth-date':
      return 'Another date of birth than on the request. This exam is not part of what you share for it.';
    case 'name':
      return 'Another name than on the request. Compare before you use these images.';
    case 'unknown':
      return 'These images carry no date of birth. Compare the name before you use them.';
  }
}
