import { viewerResponse } from '@filmpost/viewer/serve.ts';
import { auth } from './http/auth.ts';
import { dicomweb } from './http/dicomweb/routes.ts';
import { downloads } from './http/downloads.ts';
import { health } from './http/health.ts';
import { reach } from './http/reach.ts';
import { wellKnown } from './http/well-known.ts';
import type { Door } from './knock.ts';

/** How a mount's door is reached: with a knock (request, visitor, body), or by the server's own means. */
export type Mount = { prefix: string; door: Door } | { prefix: string; by: 'tus' | 'trpc' | 'socket.io' };

interface Furniture {
  /** Where the prepared viewer lies. */
  viewerDirectory: string;
  /** Bytes of one upload at most. */
  uploadMaxBytes?: number | undefined;
  /** Bytes of one image that a machine stores, at most. */
  instanceMaxBytes?: number | undefined;
}

/**
 * Every URL prefix and who answers it, before SvelteKit answers the rest. A new door is a new row here, and wants
 * its row in tests/access.
 */
export function mountTable({
  viewerDirectory,
  uploadMaxBytes: bodyBytes = Infinity,
  instanceMaxBytes: instanceBytes = Infinity,
}: Furniture): readonly Mount[] {
  const limits = { bodyBytes, instanceBytes };
  return [
    { prefix: '/health', door: (exchange) => health(exchange) },
    { prefix: '/reach', door: (_exchange, knock) => reach(knock) },
    { prefix: '/files', by: 'tus' },
    { prefix: '/dicomweb', door: (exchange, knock) => dicomweb(exchange, knock, limits) },
    { prefix: '/downloads', door: downloads },
    { prefix: '/.well-known', door: wellKnown },
    { prefix: '/ohif', door: (_exchange, { request }) => viewerResponse(request, viewerDirectory) },
    { prefix: '/auth', door: auth },
    { prefix: '/trpc', by: 'trpc' },
    { prefix: '/live', by: 'socket.io' },
  ];
}

/** The mount that answers a path: `/files` answers `/files` and `/files/…`, never `/filesystem`. */
export function mountOf(mounts: readonly Mount[], pathname: string): Mount | undefined {
  return mounts.find(({ prefix }) => pathname === prefix || pathname.startsWith(`${prefix}/`));
}
