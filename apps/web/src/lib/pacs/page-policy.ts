/** The one page from which a browser speaks with a host that somebody typed. */
const INTO_PACS = '/(visitor)/view/[share]/pacs';

/**
 * The policy of a page (CSP 3). Everywhere `connect-src` is our own origin; only the page that delivers into a PACS may
 * speak with others, and it is a document of its own, so no other page inherits that (decision 15).
 *
 * @throws RangeError when the policy is not as the configuration writes it
 */
export function policyFor(route: string | null, policy: string): string {
  if (route !== INTO_PACS) return policy;
  const own = "connect-src 'self'";
  if (!policy.includes(own)) throw new RangeError('The policy has no connect-src of its own to be widened.');
  return policy.replace(own, `${own} https: http:`);
}
