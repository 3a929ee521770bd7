import type { IncomingMessage } from 'node:http';
import type { Credentials } from '@filmpost/exchange/access/gate/commands.ts';
import type { Visitor } from '@filmpost/exchange/access/gate/schema.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';

/** Somebody at one of the streaming doors: the request without its body, who it is, and the body as it comes. */
export interface Knock {
  method: string;
  headers: Headers;
  /** The same as the web platform has it. */
  readonly request: Request;
  url: URL;
  visitor: Visitor;
  body: AsyncIterable<Uint8Array>;
}

/** The Request is made when it is first asked for: most doors need only its parts, and it costs more than they do. */
export function knockOf(parts: Omit<Knock, 'request'>): Knock {
  const { url, method, headers } = parts;
  let made: Request | undefined;
  return {
    ...parts,
    get request() {
      return (made ??= new Request(url, { method, headers }));
    },
  };
}

/** A door that answers with bytes; free of sockets, so a test calls it like any function. */
export type Door = (exchange: Exchange, knock: Knock) => Promise<Response>;

const RECIPIENT = 'filmpost_recipient';
const UPLOADER = 'filmpost_uploader';

/** `__Host-` binds a cookie to this very host, and browsers accept the prefix only over TLS. */
export function cookieName(kind: 'recipient' | 'uploader', publicUrl: string): string {
  const name = kind === 'recipient' ? RECIPIENT : UPLOADER;
  return publicUrl.startsWith('https:') ? `__Host-${name}` : name;
}

/** Session cookies: never readable by scripts, never sent along by other sites, gone with the session. */
export function sessionCookie(
  kind: 'recipient' | 'uploader',
  { token, expiresAt, publicUrl }: { token: string; expiresAt: Date; publicUrl: string },
): string {
  const secure = publicUrl.startsWith('https:') ? '; Secure' : '';
  return `${cookieName(kind, publicUrl)}=${token}; Path=/; HttpOnly; SameSite=Lax; Expires=${expiresAt.toUTCString()}${secure}`;
}

function cookieValue(header: string | null, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim() || undefined;
  }
  return undefined;
}

/** What a request carries to say who sent it. */
export function credentialsOf(
  headers: Headers,
  { address, publicUrl }: { address: string; publicUrl: string },
): Credentials {
  const cookies = headers.get('cookie');
  const bearer = /^Bearer\s+(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
  return {
    address,
    headers,
    bearer,
    recipientToken: cookieValue(cookies, cookieName('recipient', publicUrl)),
    uploaderToken: cookieValue(cookies, cookieName('uploader', publicUrl)),
  };
}

/** The visitor's address: the socket's, or what the nearest `trustedProxies` proxies say it is. */
export function addressOf(message: IncomingMessage, trustedProxies: number): string {
  const socket = message.socket.remoteAddress ?? 'unknown';
  if (trustedProxies === 0) return socket;
  const forwarded = String(message.headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  return forwarded.at(-trustedProxies) ?? socket;
}

/** Request headers as the web platform has them. */
export function headersOf(message: IncomingMessage): Headers {
  const headers = new Headers();
  for (let i = 0; i < message.rawHeaders.length; i += 2) {
    const [name, value] = [message.rawHeaders[i], message.rawHeaders[i + 1]];
    if (name !== undefined && value !== undefined && !name.startsWith(':')) headers.append(name, value);
  }
  return headers;
}

/** Whether a page of another site sent this; browsers name the page's origin, other clients none (Fetch 3.1). */
export function isFromElsewhere({ headers }: IncomingMessage, publicUrl: string): boolean {
  const { origin, host } = headers;
  if (!origin || origin === publicUrl) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}
