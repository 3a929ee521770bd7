import type { Cookies } from '@sveltejs/kit';

/** Header by which the server tells the pages the visitor's address; sign-in attempts are counted by it. */
const CLIENT_HEADER = 'x-filmpost-client';

/**
 * Asks the staff sign-in as the visitor and passes the session cookie on.
 * The form's origin was checked by the framework; `staffAuth.origin` is the only one the sign-in trusts.
 */
export async function askStaffAuth(
  path: 'sign-in/email' | 'sign-out',
  { visitor, cookies, body }: { visitor: Request; cookies: Cookies; body: object },
): Promise<Response> {
  const { handler, origin } = globalThis.filmpost.staffAuth;
  const headers = new Headers({ 'content-type': 'application/json', origin });
  for (const name of [CLIENT_HEADER, 'cookie', 'user-agent']) {
    const value = visitor.headers.get(name);
    if (value) headers.set(name, value);
  }
  const request = new Request(`${origin}/auth/${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  const answer = await handler(request);
  for (const line of answer.headers.getSetCookie()) passOn(line, cookies);
  return answer;
}

function passOn(line: string, cookies: Cookies): void {
  const [pair = '', ...attributes] = line.split(/;\s*/);
  const at = pair.indexOf('=');
  const maxAge = attributes.find((text) => /^max-age=/i.test(text))?.split('=')[1];
  cookies.set(pair.slice(0, at), pair.slice(at + 1), {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: attributes.some((text) => /^secure$/i.test(text)),
    ...(maxAge !== undefined && { maxAge: Number(maxAge) }),
    // Signed and encoded already.
    encode: (value) => value,
  });
}
