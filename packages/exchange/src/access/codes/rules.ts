/** No 0/1/I/L/O/U: thirty symbols nobody confuses on a faxed page (features X13); 30^9 is about 44 bits. */
export const CODE_ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
export const CODE_LENGTH = 9;

/** Wrong birth dates a code bears before it rests, and before only the sender can free it (threats T1). */
export const WRONG_BIRTH_DATES = { untilLock: 5, untilFrozen: 20 } as const;
const FIRST_LOCK_MINUTES = 15;
const LONGEST_LOCK_MINUTES = 24 * 60;

/** Failures one network address may have in ten minutes; film libraries share one address and earn more. */
export const ADDRESS_FAILURES = { window: 10, strange: 10, trusted: 50, successesForTrust: 3 } as const;

/**
 * The code as stored, from however it was typed: any case, spaces, hyphens, dashes, dots, full-width forms.
 * Null when it cannot be a code at all.
 */
export function normaliseCode(typed: string): string | null {
  const code = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Pd}\p{Zs}._·•\u00ad\u200b-\u200f\ufeff]/gu, '');
  return /^[A-Z0-9]{9}$/.test(code) ? code : null;
}

/** As printed and spoken: `VTX - 5HN - 8DP`. */
export function printedCode(code: string): string {
  return code.match(/.{3}/g)?.join(' - ') ?? code;
}

/**
 * A date of birth as `YYYY-MM-DD` from `YYYY/MM/DD`, `YYYY-MM-DD`, `YYYYMMDD` or `YYYY MM DD` (features X12).
 * Null when it is no such calendar day.
 */
export function parseBirthDate(typed: string): string | null {
  const match = /^(\d{4})[/\s.-]*(\d{1,2})[/\s.-]*(\d{1,2})$/.exec(typed.normalize('NFKC').trim());
  if (!match) return null;
  const [, year, month, day] = match.map(Number) as [number, number, number, number];
  const date = new Date(Date.UTC(year, month - 1, day));
  const exists =
    date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists && year >= 1850 ? date.toISOString().slice(0, 10) : null;
}

const DAY_MS = 24 * 60 * 60_000;

/** Whether nobody can have been born on a day, `YYYY-MM-DD`, wherever on earth it is read. */
export function isYetToCome(day: string, now: Date): boolean {
  return day > new Date(now.getTime() + DAY_MS).toISOString().slice(0, 10);
}

/** When a code may be tried again after its `wrong`-th wrong birth date; null while it may be tried at once. */
export function lockedUntil(wrong: number, now: Date): Date | null {
  if (wrong < WRONG_BIRTH_DATES.untilLock || wrong % WRONG_BIRTH_DATES.untilLock !== 0) return null;
  const round = wrong / WRONG_BIRTH_DATES.untilLock - 1;
  const minutes = Math.min(FIRST_LOCK_MINUTES * 2 ** round, LONGEST_LOCK_MINUTES);
  return new Date(now.getTime() + minutes * 60_000);
}

export function isFrozen(wrong: number): boolean {
  return wrong >= WRONG_BIRTH_DATES.untilFrozen;
}

/** Whether an address with these counts may try again. */
export function addressMayTry(failures: number, successes: number): boolean {
  const bound =
    successes >= ADDRESS_FAILURES.successesForTrust ? ADDRESS_FAILURES.trusted : ADDRESS_FAILURES.strange;
  return failures < bound;
}
