/**
 * A path of this site from whatever an address claims, for going back after signing in.
 * @returns null for everything that would leave the site (`//elsewhere`, `/\elsewhere`, `https:…`)
 */
export function ownPath(claimed: string | null): string | null {
  const nowhere = 'http://own.invalid';
  if (!claimed?.startsWith('/') || !URL.canParse(claimed, nowhere)) return null;
  const url = new URL(claimed, nowhere);
  return url.origin === nowhere ? `${url.pathname}${url.search}` : null;
}
