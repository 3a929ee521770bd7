import type { ExamState } from './schema.ts';

export interface ExamFacts {
  instancesArrived: number;
  /** What the sender said would come; null when nobody announced it. */
  instancesAnnounced: number | null;
  feedingState: string | null;
  feedingKind: string | null;
}

/**
 * An exam is ready when nothing more is on its way. One that came under a request waits, complete, for the
 * sender's Confirm, also while other exams of the same disc are still travelling: until then it may be looked at
 * and not taken (features 101).
 */
export function examState({
  instancesArrived,
  instancesAnnounced,
  feedingState,
  feedingKind,
}: ExamFacts): ExamState {
  if (feedingState === null) return 'ready';
  if (feedingState === 'arrived') return feedingKind === 'request' ? 'confirming' : 'ready';
  // Images under a request are held apart, so these are counted; a record's own may have been there before.
  const whole = instancesAnnounced !== null && instancesArrived >= instancesAnnounced;
  if (whole && feedingKind === 'request') return 'confirming';
  return instancesArrived === 0 ? 'waiting' : 'transferring';
}

/** For search and comparison: case, accents and the separators of PN fold away. */
export function foldName(personName: string): string {
  return personName
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[\^=,.'’\-\s]+/g, ' ')
    .trim();
}

const DAYS_OF_MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function daysOf(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && leap ? 29 : (DAYS_OF_MONTHS[month - 1] ?? 0);
}

/** The eight digits of a DICOM DA value, '' when it is none (PS3.5 6.2; ACR-NEMA's dots are accepted). */
function digitsOf(da: string): string {
  if (/^\d{8}$/.test(da)) return da;
  return /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(da.trim())?.slice(1).join('') ?? '';
}

/** A DICOM DA value as `YYYY-MM-DD`, or null when it is none. */
export function calendarDay(da: string | null): string | null {
  const digits = digitsOf(da ?? '');
  const year = digits.slice(0, 4);
  const month = digits.slice(4, 6);
  const day = digits.slice(6);
  const exists = Number(year) > 0 && Number(day) > 0 && Number(day) <= daysOf(Number(year), Number(month));
  return exists ? `${year}-${month}-${day}` : null;
}
