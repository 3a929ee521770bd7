import { json } from '../answer.ts';
import type { Knock } from '../knock.ts';

/** Whether a key was shown that nobody has: it never was one, was revoked, or has expired. */
export function hasDeadKey({ headers, visitor }: Pick<Knock, 'headers' | 'visitor'>): boolean {
  const shown = /^Bearer\b/i.test(headers.get('authorization') ?? '');
  return shown && !visitor.device && !visitor.shareKey;
}

/**
 * What a machine is told whose key is dead, whatever it asked for (RFC 6750 3.1): looking for the exam would be looking
 * in the wrong place. That a key is nobody's says nothing about what there is.
 */
export function deadKey(): Response {
  return json(
    401,
    { error: 'This key is not valid, or not any more. Ask for a new one.' },
    { 'www-authenticate': 'Bearer error="invalid_token"', 'cache-control': 'no-store' },
  );
}
