import type { ShareListing } from '@filmpost/exchange/shares/schema.ts';
import type { State } from '#lib/ui/states.ts';

/** A share's state as the desk shows it. */
export function shareLook({ state, openedAt }: Pick<ShareListing, 'state' | 'openedAt'>): {
  state: State;
  word?: string;
} {
  switch (state) {
    case 'active':
      return openedAt ? { state: 'opened' } : { state: 'sent', word: 'Not opened yet' };
    case 'locked':
      return { state: 'paused', word: 'Locked for now' };
    case 'expired':
      return { state: 'expired' };
    case 'revoked':
      return { state: 'revoked' };
  }
}

/** While the security code opens something, now or after its rest. */
export function isLive({ state }: Pick<ShareListing, 'state'>): boolean {
  return state === 'active' || state === 'locked';
}
