import { SESSION_MINUTES } from '@filmpost/exchange/access/gate/rules.ts';

/** Why an open share left the screen. */
export type Closing = 'ended' | 'expired' | 'rested' | 'elsewhere' | 'left';

/** What the page knows when the gate begins to say no. Moments in milliseconds of one clock. */
export interface ClosingFacts {
  now: number;
  /** When the person last did something here that the server heard of. */
  attendedAt: number;
  /** The share's own end. */
  expiresAt: number;
  shareId: string;
  /** The share this browser is signed in to now; null when to none. */
  signedInTo: string | null;
}

/**
 * The reason the gate itself never gives: to it unknown, expired and revoked are one. Only somebody who has been in
 * gets this far, so the page may put together what it knows.
 */
export function closingOf({ now, attendedAt, expiresAt, shareId, signedInTo }: ClosingFacts): Closing {
  if (now >= expiresAt) return 'expired';
  if (signedInTo !== null && signedInTo !== shareId) return 'elsewhere';
  if (signedInTo === null && now - attendedAt >= SESSION_MINUTES.recipient.idle * 60_000) return 'rested';
  return 'ended';
}

/** What is said in place of the page: what happened, and what to do. */
export const CLOSING_WORDS: Record<Closing, { title: string; meaning: string; next: string }> = {
  ended: {
    title: 'The sender has ended this share',
    meaning: 'The exams can no longer be seen or downloaded here. If you still need them, ask the sender.',
    next: 'Enter another security code',
  },
  expired: {
    title: 'This share has reached its last day',
    meaning: 'Access was given until a date that has now passed. Ask the sender if you still need the exams.',
    next: 'Enter another security code',
  },
  rested: {
    title: 'This page was closed to protect the patient',
    meaning: 'Nobody used it for a while. The share itself goes on: enter the code and date of birth again.',
    next: 'Enter the security code again',
  },
  elsewhere: {
    title: 'Another share was opened in this browser',
    meaning: 'A browser shows one share at a time. To come back to this one, enter its code again.',
    next: 'Enter the security code again',
  },
  left: {
    title: 'You have left this share',
    meaning: 'It was left in another tab of this browser. To come back, enter the code again.',
    next: 'Enter the security code again',
  },
};
