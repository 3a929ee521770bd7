/** Days after which a try counts towards nothing; the longest any bucket looks back is one. */
export const FORGOTTEN_AFTER_DAYS = 30;
