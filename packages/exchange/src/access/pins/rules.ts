export const PIN_LENGTH = 6;

/** PINs are six digits and never expire, so guessing is slowed by address and by facility (threats T2). */
export const PIN_FAILURES = {
  address: { minutes: 15, most: 5 },
  facility: { minutes: 60, most: 30 },
} as const;

/** Open requests of one facility above which a guess is too likely to meet one of their PINs. */
export const MANY_OPEN_REQUESTS = 200;

/** Whether everybody at a facility is asked for the date of birth as well (threats T2). */
export function needsBirthDate({
  failures,
  openRequests,
}: {
  failures: number;
  openRequests: number;
}): boolean {
  return failures >= PIN_FAILURES.facility.most || openRequests > MANY_OPEN_REQUESTS;
}

/** The PIN's six digits from however they were typed; null when it cannot be one. */
export function normalisePin(typed: string): string | null {
  const pin = typed.normalize('NFKC').replace(/[\s\p{Pd}.]/gu, '');
  return /^\d{6}$/.test(pin) ? pin : null;
}

/** All that an outside clinic sees of the patient: `R… A…, born 1986` (features X22). */
export function maskedPatient(patientName: string, patientBirthDate: string): string {
  const [family = '', given = ''] = patientName.split('^');
  const initial = (part: string) => (part ? `${[...part.trim()][0]}…` : '');
  const initials = [initial(given), initial(family)].filter(Boolean).join(' ');
  return `${initials || 'Patient'}, born ${patientBirthDate.slice(0, 4)}`;
}
