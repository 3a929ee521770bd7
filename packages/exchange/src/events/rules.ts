/** Days for which what happened to something that has ended can be replayed. */
export const FORGOTTEN_AFTER_DAYS = 90;
