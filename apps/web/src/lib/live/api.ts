import type { AppRouter } from '@filmpost/api/router.ts';
import {
  createTRPCClient,
  createWSClient,
  httpBatchLink,
  httpLink,
  httpSubscriptionLink,
  splitLink,
  wsLink,
} from '@trpc/client';
import { connection } from './connection.svelte.ts';
import { PromptSocket } from './prompt-socket.ts';

/** Sockets that failed before a proxy is taken to block them, and events come over plain HTTP instead. */
const HOPELESS = 3;
/** Some proxies let a socket open and cut it at once. One that has lived longer was let through. */
const PROVEN_MS = 3_000;

const ALONE = 'alone';
/** Context of a question whose answer takes its time: no other waits for it. */
export const alone = { [ALONE]: true };

let failures = 0;
let openedAt = Infinity;
let proven = false;
const givingUp = new EventTarget();

/** Whether events come over plain HTTP on this page. */
export function withoutSockets(): boolean {
  return !proven && failures >= HOPELESS;
}

/** Calls back once, when sockets are given up on this page; returns how to stop waiting for it. */
export function whenSocketsFail(callback: () => void): () => void {
  givingUp.addEventListener('sockets', callback, { once: true });
  return () => givingUp.removeEventListener('sockets', callback);
}

function socketFailed(): void {
  if (Date.now() - openedAt > PROVEN_MS) proven = true;
  openedAt = Infinity;
  if (proven) return;
  failures += 1;
  if (failures === HOPELESS) givingUp.dispatchEvent(new Event('sockets'));
}

function socketAddress(): string {
  return `${location.origin.replace(/^http/, 'ws')}/trpc`;
}

function socketLink() {
  const client = createWSClient({
    url: socketAddress,
    WebSocket: PromptSocket,
    lazy: { enabled: true, closeMs: 5_000 },
    retryDelayMs: (attempt) => Math.min(250 * 2 ** attempt, 5_000),
    keepAlive: { enabled: true, intervalMs: 10_000, pongTimeoutMs: 5_000 },
    onOpen: () => {
      openedAt = Date.now();
      connection.heard();
    },
    onClose: (cause) => {
      // Code 1000 and 1005 are our own lazy closing: nobody follows anything any more.
      if (cause?.code === 1000 || cause?.code === 1005) return;
      if (!withoutSockets()) connection.lost();
      socketFailed();
      // It would try again for ever, and a page that is told by other means would hear of each try.
      if (withoutSockets()) void client.close();
    },
  });
  return wsLink<AppRouter>({ client });
}

function createApi() {
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === 'subscription',
        true: splitLink({
          condition: () => !withoutSockets(),
          true: socketLink(),
          false: httpSubscriptionLink({ url: '/trpc' }),
        }),
        // By POST, questions too: what is searched for is a patient's name, and addresses end in logs.
        false: splitLink({
          condition: ({ context }) => context[ALONE] === true,
          true: httpLink({ url: '/trpc', methodOverride: 'POST' }),
          false: httpBatchLink({ url: '/trpc', methodOverride: 'POST' }),
        }),
      }),
    ],
  });
}

let client: ReturnType<typeof createApi> | undefined;

/** The procedures, called from the browser; pages rendered by the server use `locals.api`. */
export function api(): ReturnType<typeof createApi> {
  client ??= createApi();
  return client;
}
