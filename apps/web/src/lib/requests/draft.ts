import { isYetToCome, parseBirthDate } from '@filmpost/exchange/access/codes/rules.ts';

/** A new request as it is typed. */
export interface Draft {
  family: string;
  given: string;
  birthDate: string;
  outsideFacility: string;
  details: string;
}

export type DraftErrors = Partial<Record<keyof Draft, string>>;

/** What the procedure wants: a DICOM person name, a date as it was typed. */
export interface CheckedDraft {
  patientName: string;
  birthDate: string;
  outsideFacility: string;
  details: string;
}

/** The draft as a request, or what is wrong with each field. */
export function checkDraft(
  draft: Draft,
  now = new Date(),
): { request: CheckedDraft | null; errors: DraftErrors } {
  const family = nameComponent(draft.family);
  const errors: DraftErrors = {
    ...(family === '' && { family: 'Give the family name.' }),
    ...birthDateError(draft.birthDate, now),
    ...(draft.details.trim() === '' && { details: 'Say which exams you need.' }),
  };
  if (Object.keys(errors).length > 0) return { request: null, errors };
  return {
    request: {
      patientName: [family, nameComponent(draft.given)].filter(Boolean).join('^'),
      birthDate: draft.birthDate,
      outsideFacility: draft.outsideFacility,
      details: draft.details,
    },
    errors,
  };
}

function birthDateError(typed: string, now: Date): DraftErrors {
  if (typed.trim() === '') return { birthDate: 'Give the date of birth; it opens shares and finds mix-ups.' };
  const day = parseBirthDate(typed);
  if (day && isYetToCome(day, now)) return { birthDate: 'This day is yet to come. Look at the year again.' };
  return day ? {} : { birthDate: 'This is no calendar day. Write it as YYYY/MM/DD.' };
}

/** Without the characters by which PN tells its parts (PS3.5 6.2.1): they would move letters into another part. */
function nameComponent(typed: string): string {
  return typed
    .replace(/[\^=\\]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
