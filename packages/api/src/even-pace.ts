import { setTimeout as pause } from 'node:timers/promises';

/** Longer than looking at any wrong code takes, shorter than anybody minds who mistyped one. */
export const REFUSAL_MS = 250;

/**
 * Lets every failure take the same time, so that a clock does not tell a code that exists from one that does not
 * (threats T1): a wrong date of birth is counted and written down, which an unknown code is not. Success is at once.
 */
export async function atEvenPace<T>(attempt: () => Promise<T>): Promise<T> {
  const elapsed = pause(REFUSAL_MS, undefined, { ref: false });
  try {
    return await attempt();
  } catch (error) {
    await elapsed;
    throw error;
  }
}
