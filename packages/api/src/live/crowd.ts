import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';

/** How many sockets a process holds, and how much each may say (threats T14). */
export interface SocketLimits {
  /** Of one browser, known by its cookies: a tab each, and those of a line that broke and nobody missed yet. */
  perBrowser: number;
  /** Of one address; a hospital may sit behind a single one. */
  perAddress: number;
  inAll: number;
  messagesPerSecond: number;
}

export const SOCKET_LIMITS: SocketLimits = {
  perBrowser: 20,
  perAddress: 500,
  inAll: 10_000,
  messagesPerSecond: 20,
};

/** Everybody who holds a socket open, counted by browser and by address. */
export class Crowd {
  readonly #limits: SocketLimits;
  readonly #counts = new Map<string, number>();
  size = 0;

  constructor(limits: SocketLimits) {
    this.#limits = limits;
  }

  /** @returns what to call when the socket is gone; null when this browser or its address holds enough already */
  enter(request: IncomingMessage, address: string): (() => void) | null {
    const browser = browserOf(request);
    const network = `address ${networkOf(address)}`;
    if (this.#of(network) >= this.#limits.perAddress) return null;
    if (browser && this.#of(browser) >= this.#limits.perBrowser) return null;
    const keys = browser ? [network, browser] : [network];
    for (const key of keys) this.#counts.set(key, this.#of(key) + 1);
    this.size++;
    return () => this.#leave(keys);
  }

  #of(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  #leave(keys: readonly string[]): void {
    this.size--;
    for (const key of keys) {
      const left = this.#of(key) - 1;
      if (left > 0) this.#counts.set(key, left);
      else this.#counts.delete(key);
    }
  }
}

/** What tells a browser from others of its address; its cookies themselves are not kept. */
function browserOf({ headers }: IncomingMessage): string | null {
  const papers = headers.cookie ?? headers.authorization;
  return papers ? `browser ${createHash('sha256').update(papers).digest('base64')}` : null;
}

/** Who holds one IPv6 address holds the 2^64 of its network as well (RFC 4291 2.5.4). */
export function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address;
  const [before = '', after] = address.split('%', 1).join('').split('::');
  const head = before.split(':');
  const tail = after?.split(':') ?? [];
  const zeros = after === undefined ? 0 : 8 - head.length - tail.length;
  return [...head, ...Array<string>(zeros).fill('0'), ...tail].slice(0, 4).join(':');
}

/** Says of each message whether it is one more than `perSecond` in its second. */
export function tooTalkative(perSecond: number): () => boolean {
  let second = 0;
  let said = 0;
  return () => {
    const now = Math.floor(performance.now() / 1000);
    said = now === second ? said + 1 : 1;
    second = now;
    return said > perSecond;
  };
}
