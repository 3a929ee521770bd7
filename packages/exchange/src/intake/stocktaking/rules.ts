/** Sub-folders that blobs are spread over. */
export const SHELVES = 256;
const TURN_MINUTES = 5;

/** Hours after which a file without a row will get none any more. */
export const STRANGE_AFTER_HOURS = 24;

/** The shelf whose turn it is: one in five minutes, so that each is looked at within a day and none makes a load. */
export function shelfDue(now: Date): number {
  return Math.floor(now.getTime() / (TURN_MINUTES * 60_000)) % SHELVES;
}
