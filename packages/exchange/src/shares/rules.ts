import { isFrozen } from '../access/codes/rules.ts';

/** Days a facility's Access Page lives (features A.13, TTL_FACILITY_PAGE). */
export const FACILITY_PAGE_DAYS = 30;

export function facilityPageExpiry(now: Date): Date {
  return new Date(now.getTime() + FACILITY_PAGE_DAYS * 24 * 60 * 60_000);
}

export interface ShareFacts {
  revokedAt: Date | null;
  expiresAt: Date;
  lockedUntil: Date | null;
  wrongBirthDates: number;
}

export function shareState(share: ShareFacts, now: Date): 'active' | 'expired' | 'revoked' | 'locked' {
  if (share.revokedAt) return 'revoked';
  if (share.expiresAt <= now) return 'expired';
  if (isFrozen(share.wrongBirthDates)) return 'locked';
  return share.lockedUntil && share.lockedUntil > now ? 'locked' : 'active';
}
