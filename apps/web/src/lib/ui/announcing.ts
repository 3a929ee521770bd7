/** What was last read out about a transfer. `at` in milliseconds of a monotonic clock, `share` from 0 to 1. */
export interface Announced {
  at: number;
  share: number;
}

const LEAST_PAUSE_MS = 10_000;
const LEAST_STEP = 0.1;

/**
 * Whether progress should be read out again: at most every ten seconds and every ten percent, and always at the end
 * (WCAG 2.2, 4.1.3: status messages must inform, not drown).
 */
export function worthAnnouncing(last: Announced | undefined, now: Announced): boolean {
  if (!last) return true;
  if (now.share >= 1) return last.share < 1;
  return now.at - last.at >= LEAST_PAUSE_MS && Math.abs(now.share - last.share) >= LEAST_STEP;
}
