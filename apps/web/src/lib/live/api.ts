import type { AppRouter } from '@filmpost/api/router.ts';
import {
  createTRPCClient,
  createWSClient,
  httpBatchLink,
  httpSubscriptionLink,
  splitLink,
  wsLink,
} from '@trpc/client';
import { connection } from './connection.svelte.ts';
import { PromptSocket } from './prompt-socket.ts';

/** Sockets that never opened before a proxy is taken to block them and events come over plain HTTP instead. */
const HOPELESS = 3;

let failures = 0;
let opened = false;

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
      opened = true;
      connection.heard();
    },
    onClose: (cause) => {
      // Code 1000 and 1005 are our own lazy closing: nobody follows anything any more.
      if (cause?.code === 1000 || cause?.code === 1005) return;
      if (!opened) failures++;
      connection.lost();
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
          condition: () => opened || failures < HOPELESS,
          true: socketLink(),
          false: httpSubscriptionLink({ url: '/trpc' }),
        }),
        // By POST, questions too: what is searched for is a patient's name, and addresses end in logs.
        false: httpBatchLink({ url: '/trpc', methodOverride: 'POST' }),
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
