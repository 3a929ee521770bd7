import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { notHere } from '../answer.ts';
import type { Knock } from '../knock.ts';

/** Of better-auth's endpoints only these are open: nobody signs up by himself, accounts are made by the facility. */
export const OPEN_AUTH_PATHS = ['/auth/sign-in/email', '/auth/sign-out', '/auth/get-session'] as const;

export async function auth(exchange: Exchange, { request, url, body }: Knock): Promise<Response> {
  if (!OPEN_AUTH_PATHS.some((path) => path === url.pathname)) return notHere();
  if (request.method === 'GET') return exchange.staffAuth.handler(request);
  if (request.method !== 'POST') return notHere();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > 64 * 1024) return notHere();
    chunks.push(chunk);
  }
  const { method, headers } = request;
  return exchange.staffAuth.handler(new Request(url, { method, headers, body: Buffer.concat(chunks) }));
}
