/** Changes with everything that makes the same exams into other bytes: old plans are then not found again. */
export const PLANNER = 2;
/** Up to so many instances a plan is made at once, while the asker waits. */
export const INSTANT_INSTANCES = 500;
/** PS3.10 8.2: a name has eight characters, and IM takes two. */
export const MOST_INSTANCES = 999_999;
/** A plan that nobody fetched for so long is forgotten. */
export const KEPT_DAYS = 7;
/** Choosing to and fro leaves plans behind: so many that were never fetched are kept for a share or a facility. */
export const UNFETCHED_KEPT = 24;

/** The time in all directories of a package: both formats count whole seconds, ZIP even ones. */
export function wholeSeconds(time: Date): Date {
  return new Date(Math.floor(time.getTime() / 2000) * 2000);
}
