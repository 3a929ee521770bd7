import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Address {
  host: string;
  port: number;
}

/** Where this machine itself reaches a server that listens on `host`. */
function reachable({ host, port }: Address): string {
  const near = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${near.includes(':') ? `[${near}]` : near}:${port}`;
}

/** @returns the system's code when nothing can listen there now (`EADDRINUSE`, `EACCES`, …), else undefined */
export async function whyNotListen({ host, port }: Address): Promise<string | undefined> {
  const server = createServer().listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
  server.close();
  await once(server, 'close');
  return undefined;
}

/** Waits for an address to become free, for as long as `patience` milliseconds. Same result as whyNotListen. */
export async function whyNotListenSoon(address: Address, patience: number): Promise<string | undefined> {
  const deadline = Date.now() + patience;
  for (;;) {
    const reason = await whyNotListen(address);
    if (reason !== 'EADDRINUSE' || Date.now() > deadline) return reason;
    await sleep(100);
  }
}

export class UnhealthyError extends Error {
  override name = 'UnhealthyError';
}

/**
 * Waits until `GET /health` answers 200.
 * @throws UnhealthyError with the last answer after `patience` milliseconds
 */
export async function healthy(address: Address, patience = 60_000): Promise<void> {
  const deadline = Date.now() + patience;
  for (;;) {
    const answer = await ask(`${reachable(address)}/health`);
    if (answer === undefined) return;
    if (Date.now() > deadline) throw new UnhealthyError(`Filmpost does not become ready: ${answer}`);
    await sleep(50);
  }
}

/** @returns undefined when healthy, else what stands in the way */
async function ask(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    const text = await response.text();
    return response.status === 200 ? undefined : `/health answers ${response.status} ${text.slice(0, 300)}`;
  } catch {
    return 'the web process does not answer';
  }
}
