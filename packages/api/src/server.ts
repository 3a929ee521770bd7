import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { recognise } from '@filmpost/exchange/access/gate/commands.ts';
import { Refused } from '@filmpost/exchange/access/gate/schema.ts';
import { NoSuchBlob } from '@filmpost/exchange/blobs.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { NoRoom } from '@filmpost/exchange/intake/limits/schema.ts';
import { createHTTPHandler } from '@trpc/server/adapters/standalone';
import { json, notHere, send } from './answer.ts';
import { type TusDoor, createTus } from './http/tus.ts';
import { bodyOf } from './http/tus-body.ts';
import { PgLocker } from './http/tus-locker.ts';
import { addressOf, credentialsOf, headersOf, isFromElsewhere, knockOf } from './knock.ts';
import { SOCKET_LIMITS, type SocketLimits } from './live/crowd.ts';
import { EventFeed } from './live/feed.ts';
import { createPresence } from './live/presence.ts';
import { openSockets } from './live/sockets.ts';
import { type Mount, mountOf, mountTable } from './mounts.ts';
import { appRouter, createCaller } from './router.ts';
import { recogniseReader } from './recently.ts';
import { type CallContext, INSUFFICIENT_STORAGE } from './trpc.ts';

export type PagesHandler = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

export interface ServerSettings {
  databaseUrl: string;
  viewerDirectory: string;
  uploadMaxBytes: number;
  instanceMaxBytes?: number | undefined;
  trustedProxies: number;
  /** Where they differ from SOCKET_LIMITS. */
  sockets?: Partial<SocketLimits>;
}

export interface FilmpostServer {
  http: http.Server;
  /** Who answers every path that no mount does: the pages. */
  setPages(pages: PagesHandler): void;
  /** Procedures called for a server-rendered page, as the visitor who asked for it. */
  callerFor(headers: Headers, setCookie: (cookie: string) => void): ReturnType<typeof createCaller>;
  close(): Promise<void>;
}

/** Header by which the server tells the pages the visitor's address; whatever a client sends under it is dropped. */
export const CLIENT_HEADER = 'x-filmpost-client';
const DRAIN_MS = 1_500;
const HEADERS_MS = 60_000;
/** What any door answers; the web platform has no Request for TRACE. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Methods that a POST may stand for; none is safer than the POST itself, but for HEAD where uploads are sent. */
const OVERRIDABLE = new Set(['PATCH', 'DELETE']);

/** The one front door: mounts first, pages last, sockets beside them. */
export async function createServer(exchange: Exchange, settings: ServerSettings): Promise<FilmpostServer> {
  const feed = new EventFeed(exchange, settings.databaseUrl);
  const locker = new PgLocker(settings.databaseUrl);
  const mounts = mountTable(settings);
  let pages: PagesHandler = (_request, response) => void send(notHere(), response);
  // A disc travels for hours: Node's default would cut any request after five minutes. Headers need no hours; without
  // a bound of their own whoever sends none would keep a socket for ever.
  const server = http.createServer({
    requestTimeout: 0,
    headersTimeout: HEADERS_MS,
    noDelay: true,
    keepAliveTimeout: 20_000,
  });
  const context = (headers: Headers, address: string, unattended = false): CallContext => {
    const credentials = { ...credentialsOf(headers, { address, publicUrl: exchange.publicUrl }), unattended };
    return { exchange, feed, credentials, visitor: () => recognise(exchange, credentials) };
  };
  const trpc = createHTTPHandler({
    router: appRouter,
    basePath: '/trpc/',
    maxBodySize: 4 * 1024 * 1024,
    // Questions come by POST as well: a name somebody searches for must not end in an address, and so in a log.
    allowMethodOverride: true,
    responseMeta: ({ errors }) =>
      errors.some(({ cause }) => cause instanceof NoRoom) ? { status: INSUFFICIENT_STORAGE } : {},
    createContext: ({ req, res, info }) => ({
      ...context(headersOf(req), addressOf(req, settings.trustedProxies), info.type === 'subscription'),
      setCookie: (cookie) => res.appendHeader('set-cookie', cookie),
    }),
  });
  server.on('request', (request, response) => {
    request.headers[CLIENT_HEADER] = addressOf(request, settings.trustedProxies);
    request.headers['x-forwarded-proto'] ??= exchange.publicUrl.startsWith('https:') ? 'https' : 'http';
    const pathname = (request.url ?? '/').split('?', 1)[0] ?? '/';
    const mount = mountOf(mounts, pathname);
    if (!mount) return pages(request, response, () => void send(notHere(), response));
    request.method = meantMethod(request, mount);
    if (!METHODS.has(request.method ?? '')) {
      return void send(json(405, { error: 'Not here.' }, { allow: [...METHODS].join(', ') }), response);
    }
    if (isForeign(request, exchange.publicUrl)) {
      return void send(json(403, { error: 'Requests from other sites are refused.' }), response);
    }
    if ('by' in mount && mount.by === 'trpc') {
      response.setHeader('cache-control', 'no-store');
      return void trpc(request, response);
    }
    if ('by' in mount && mount.by === 'socket.io') return;
    void answer(exchange, { mount, tus, request, response, trustedProxies: settings.trustedProxies });
  });
  const { trustedProxies, databaseUrl } = settings;
  const limits = { ...SOCKET_LIMITS, ...settings.sockets };
  const sockets = openSockets(server, { exchange, context, trustedProxies, limits });
  const presence = createPresence(exchange, { server, databaseUrl, trustedProxies, limits });
  const tus = createTus(exchange, {
    locker,
    maxBytes: settings.uploadMaxBytes,
    onBytes: (blobId, bytes) => presence.pace.received(blobId, bytes),
    onComplete: (blobId) => presence.pace.completed(blobId),
  });
  await feed.open();
  return {
    http: server,
    setPages: (handler) => (pages = handler),
    callerFor: (headers, setCookie) =>
      createCaller({ ...context(headers, headers.get(CLIENT_HEADER) ?? 'unknown'), setCookie }),
    async close() {
      sockets.broadcastReconnectNotification();
      server.close();
      server.closeIdleConnections();
      setTimeout(() => {
        sockets.close();
        server.closeAllConnections();
      }, DRAIN_MS).unref();
      // Waits for every connection to end, those of live pages too.
      await presence.close();
      await Promise.all([feed.close(), locker.close()]);
    },
  };
}

interface Answering {
  mount: Mount;
  tus: TusDoor;
  request: IncomingMessage;
  response: ServerResponse;
  trustedProxies: number;
}

/** Serves one of the streaming doors. What the gate refuses, and what does not exist, is the same 404. */
async function answer(
  exchange: Exchange,
  { mount, tus, request, response, trustedProxies }: Answering,
): Promise<void> {
  try {
    const headers = headersOf(request);
    headers.set(CLIENT_HEADER, addressOf(request, trustedProxies));
    const url = new URL(request.url ?? '/', exchange.publicUrl);
    const credentials = credentialsOf(headers, {
      address: addressOf(request, trustedProxies),
      publicUrl: exchange.publicUrl,
    });
    const method = request.method ?? 'GET';
    // A viewer reads hundreds of frames a second with the same papers.
    const reads = mount.prefix === '/dicomweb' && (method === 'GET' || method === 'HEAD');
    const visitor = await (reads ? recogniseReader : recognise)(exchange, credentials);
    if ('door' in mount) {
      const knock = knockOf({ method, headers, url, visitor, body: request });
      return await send(await mount.door(exchange, knock), response);
    }
    const body = method === 'GET' || method === 'HEAD' ? null : bodyOf(request);
    const init = { method, headers, duplex: 'half', body };
    await send(await tus(new Request(url, init), visitor), response);
  } catch (error) {
    if (response.headersSent) return void response.destroy();
    if (error instanceof Refused || error instanceof NoSuchBlob) return send(notHere(), response);
    if (!response.socket || response.socket.destroyed) return;
    console.error(
      `${request.method} ${mount.prefix}: ${error instanceof Error ? error.stack?.split('\n').slice(0, 4).join(' ') : 'error'}`,
    );
    await send(
      json(500, { error: 'Something went wrong on our side. Nothing was lost; please try again.' }),
      response,
    );
  }
}

/**
 * The method a client means. Where a proxy lets only GET and POST through, tus clients name the real one in a header of
 * a POST (tus 1.0, X-HTTP-Method-Override). Read before anybody decides by the method.
 */
function meantMethod({ method, headers }: IncomingMessage, mount: Mount): string | undefined {
  const meant = headers['x-http-method-override'];
  if (method !== 'POST' || typeof meant !== 'string') return method;
  const isUpload = 'by' in mount && mount.by === 'tus';
  return OVERRIDABLE.has(meant) || (isUpload && meant === 'HEAD') ? meant : method;
}

/** A browser names the page's origin with every unsafe request; other sites have no business here. */
function isForeign(request: IncomingMessage, publicUrl: string): boolean {
  return !/^(GET|HEAD|OPTIONS)$/.test(request.method ?? '') && isFromElsewhere(request, publicUrl);
}
