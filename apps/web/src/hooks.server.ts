import type { Handle } from '@sveltejs/kit/hooks';
import { policyFor } from '#lib/pacs/page-policy.ts';
import { THEME_COOKIE, themeFrom } from '#lib/ui/theme.ts';

const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  // Share and request addresses are secrets; they never travel to another site as a referrer. Not `no-referrer`:
  // with it browsers say `Origin: null` when a form is sent, and every form would be taken for a stranger's.
  'referrer-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

const POLICY = 'content-security-policy';

// The one regular face every page starts with; the other scripts and the mono face load when a page uses them.
const FIRST_FONT = /source-sans-3-latin-wght-normal/;

export const handle: Handle = async ({ event, resolve }) => {
  const cookies: string[] = [];
  event.locals.api = globalThis.filmpost.callerFor(event.request.headers, (cookie) => cookies.push(cookie));
  const theme = themeFrom(event.cookies.get(THEME_COOKIE));
  const response = await resolve(event, {
    transformPageChunk: ({ html }) => html.replace('%filmpost.theme%', theme),
    preload: ({ type, path }) => type !== 'font' || FIRST_FONT.test(path),
  });
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.headers.set(name, value);
  const policy = response.headers.get(POLICY);
  if (policy) response.headers.set(POLICY, policyFor(event.route.id, policy));
  for (const cookie of cookies) response.headers.append('set-cookie', cookie);
  // A shared computer's back button must not bring a patient's page back.
  if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'no-store');
  return response;
};
