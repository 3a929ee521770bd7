import type { ListedShareKey } from './schema.ts';

/** Tells a share's key from a device's, and lets scanners for leaked secrets know it. */
export const SHARE_KEY_PREFIX = 'fps_';

/** Live keys of one share at the same time: a PACS, a second one, a retry. */
export const MOST_LIVE_KEYS = 5;

/** When a key ends: after its hours, and never later than what it opens. */
export function shareKeyExpiry(now: Date, { hours, shareEnds }: { hours: number; shareEnds: Date }): Date {
  return new Date(Math.min(now.getTime() + hours * 3_600_000, shareEnds.getTime()));
}

export function shareKeyState(
  { expiresAt, revokedAt }: { expiresAt: Date; revokedAt: Date | null },
  now: Date,
): ListedShareKey['state'] {
  if (revokedAt) return 'revoked';
  return expiresAt > now ? 'live' : 'expired';
}
