/** Where a PACS takes images, as somebody typed it. */
export type TypedAddress = { kind: 'good'; studies: string } | { kind: 'bad'; sentence: string };

/** A host on this very computer, which a page from https may reach without https. */
const THIS_COMPUTER = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * The address of `…/studies`, to which STOW-RS stores (PS3.18 10.5.1). Taken with or without `/studies`.
 * @param page the address of the page that will send
 */
export function typedAddress(text: string, page: URL): TypedAddress {
  const bad = (sentence: string): TypedAddress => ({ kind: 'bad', sentence });
  const typed = text.trim();
  if (typed === '') return bad('Type the address, for example https://pacs.clinic.example/dicom-web');
  const whole = /^https?:\/\//i.test(typed) ? typed : `https://${typed}`;
  if (!URL.canParse(whole))
    return bad('This is no address. It looks like https://pacs.clinic.example/dicom-web');
  const url = new URL(whole);
  if (url.username || url.password)
    return bad('Leave name and password out of the address; there are fields for them.');
  if (url.search || url.hash) return bad('Give the address without what follows a question mark or a hash.');
  if (url.origin === page.origin)
    return bad('This is the address of this exchange. Give the one of your own PACS.');
  if (page.protocol === 'https:' && url.protocol === 'http:' && !THIS_COMPUTER.test(url.hostname)) {
    return bad('Browsers send to https addresses only. Ask for the https address of your PACS.');
  }
  const path = url.pathname.replace(/\/+$/, '').replace(/\/studies$/, '');
  return { kind: 'good', studies: `${url.origin}${path}/studies` };
}

/** How somebody proves to the PACS that they may store. Kept in the memory of the page, nowhere else. */
export type Credential =
  { kind: 'none' } | { kind: 'bearer'; token: string } | { kind: 'basic'; name: string; password: string };

/** The Authorization header (RFC 7617, RFC 6750); null without a credential. */
export function authorizationOf(credential: Credential): string | null {
  switch (credential.kind) {
    case 'none':
      return null;
    case 'bearer':
      return `Bearer ${credential.token.trim()}`;
    case 'basic': {
      const bytes = new TextEncoder().encode(`${credential.name}:${credential.password}`);
      return `Basic ${btoa(String.fromCharCode(...bytes))}`;
    }
  }
}
