import type { RequestListing, RequestState } from '@filmpost/exchange/requests/schema.ts';
import type { State } from '#lib/ui/states.ts';

/** A request's state as the desk shows it. */
export const REQUEST_LOOKS: Record<RequestState, State> = {
  sent: 'sent',
  opened: 'opened',
  uploading: 'transferring',
  uploaded: 'uploaded',
  imported: 'imported',
  declined: 'declined',
  cancelled: 'cancelled',
};

/** What a state means and what comes next, for the one who asked. */
export const REQUEST_SENTENCES: Record<RequestState, string> = {
  sent: 'The outside facility has not opened the Request Page yet.',
  opened: 'The outside facility has opened the Request Page. Nothing has been sent yet.',
  uploading: 'Images are on their way.',
  uploaded: 'The outside facility has confirmed its upload. The exams are in your list now.',
  imported: 'The exams are in your archive. The PIN no longer works.',
  declined: 'The outside facility has declined. It can still send images with the same PIN.',
  cancelled: 'You cancelled this request. The PIN no longer works.',
};

/** While the PIN opens the Request Page. */
export function isOpen({ state }: Pick<RequestListing, 'state'>): boolean {
  return state !== 'cancelled' && state !== 'imported';
}
