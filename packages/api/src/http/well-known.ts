import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { SIGNING_KEY_PATH } from '@filmpost/exchange/packages/disc/rules.ts';
import { json, notHere } from '../answer.ts';
import type { Knock } from '../knock.ts';

/** What is published under `/.well-known` (RFC 8615): the public key that signs the manifests of packages. */
export async function wellKnown({ signingKey }: Exchange, { method, url }: Knock): Promise<Response> {
  if (url.pathname !== SIGNING_KEY_PATH || (method !== 'GET' && method !== 'HEAD')) return notHere();
  const { keyId, publicKey, publicPem } = signingKey;
  const key = { keyId, algorithm: 'Ed25519', publicKey: publicKey.toString('base64'), pem: publicPem };
  // Anybody's page may check a package: the key is public, and the only thing told here.
  const headers = { 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=300' };
  return json(200, { keys: [key] }, headers);
}
