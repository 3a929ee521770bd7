import { z } from 'zod';

export const declineReason = z.enum(['no-images', 'elsewhere', 'not-kept', 'no-authorization', 'other']);
export type DeclineReason = z.infer<typeof declineReason>;

const line = z.string().trim().max(120);

/** What an outside clinic says when it declines. Nobody has checked who it says to be. */
export const newDecline = z.object({
  reason: declineReason,
  /** For the facility that asked; may speak of the patient, and so goes to nobody else. */
  words: z.string().trim().max(500).default(''),
  name: line.min(1),
  site: line.default(''),
  phone: z.string().trim().max(40).default(''),
});
export type NewDecline = z.input<typeof newDecline>;

/** What whoever enters the PIN later is told of a decline. `at` is ISO 8601 in UTC. */
export interface DeclinedBy {
  at: string;
  name: string;
  site: string;
}

/** A decline as the asking facility sees it. */
export interface Decline extends DeclinedBy {
  reason: DeclineReason;
  words: string;
  phone: string;
}
