import type { RequestState } from '../schema.ts';
import type { DeclineReason, DeclinedBy } from './schema.ts';

/** The reasons in the order in which they are offered, each in words that read the same on both sides. */
export const DECLINE_REASONS: Record<DeclineReason, string> = {
  'no-images': 'No images of this patient',
  elsewhere: 'The images are at another facility',
  'not-kept': 'The images are no longer kept',
  'no-authorization': 'The patient’s authorization is missing',
  other: 'Another reason',
};

/** Why a request cannot be declined as it stands; null when it can. */
export function whyNotDecline(state: RequestState): string | null {
  switch (state) {
    case 'sent':
    case 'opened':
    case 'declined':
      return null;
    case 'uploading':
      return 'Images are on their way for this request. Take that upload back first, then decline.';
    case 'uploaded':
      return 'Images were handed over for this request already, so it cannot be declined any more.';
    case 'imported':
    case 'cancelled':
      return 'This request is closed already.';
  }
}

/** `Jo Brook, Palm Beach Imaging`. */
export function declinedByWords({ name, site }: Pick<DeclinedBy, 'name' | 'site'>): string {
  return [name, site].filter(Boolean).join(', ');
}
