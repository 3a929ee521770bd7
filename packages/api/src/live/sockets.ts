import type { IncomingMessage, Server } from 'node:http';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { getWSConnectionHandler, jsonEncoder } from '@trpc/server/adapters/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { addressOf, headersOf, isFromElsewhere } from '../knock.ts';
import { appRouter } from '../router.ts';
import type { CallContext } from '../trpc.ts';
import { Crowd, type SocketLimits, tooTalkative } from './crowd.ts';
import { Line } from './line.ts';

/** No question is longer; what is long comes by HTTP. */
const LONGEST_MESSAGE = 16 * 1024;
/** Questions in one message: a page that comes back asks for everything it followed at once. */
const MOST_AT_ONCE = 20;
/** A quiet socket is asked after 30 s and given up after 75. */
const KEEP_ALIVE = { enabled: true, pingMs: 30_000, pongWaitMs: 45_000 };

const GOODBYE_MS = 500;

/** Codes of RFC 6455 7.4.1 and, for the last, of its registry at IANA. */
const GOING_AWAY = 1001;
const POLICY_VIOLATION = 1008;
const TRY_AGAIN_LATER = 1013;

/** To a tRPC client an error of nobody's question: it comes back after ever longer pauses. */
const FULL = jsonEncoder.encode({
  id: null,
  error: {
    code: -32029,
    message: 'Too many are connected just now.',
    data: { code: 'TOO_MANY_REQUESTS', httpStatus: 429 },
  },
});
/** Beyond those who are told that the house is full, nobody is told anything. */
const MOST_TOLD = 100;

interface SocketWorld {
  exchange: Exchange;
  context(headers: Headers, address: string, unattended: boolean): CallContext;
  trustedProxies: number;
  limits: SocketLimits;
}

/** tRPC over WebSocket at `/trpc`: subscriptions, resumed by the id of their last event. */
export function openSockets(server: Server, { exchange, context, trustedProxies, limits }: SocketWorld) {
  const wss = new WebSocketServer({
    noServer: true,
    maxPayload: LONGEST_MESSAGE,
    perMessageDeflate: false,
  });
  const crowd = new Crowd(limits);
  const serve = (socket: WebSocket, request: IncomingMessage) => {
    if (crowd.size > limits.inAll) {
      socket.send(FULL);
      return socket.close(TRY_AGAIN_LATER);
    }
    hushTalkative(socket, limits.messagesPerSecond);
    const line = new Line(socket);
    const handle = getWSConnectionHandler({
      wss,
      router: appRouter,
      createContext: () => ({
        ...context(headersOf(request), addressOf(request, trustedProxies), true),
        line,
      }),
      keepAlive: KEEP_ALIVE,
      maxBatchSize: MOST_AT_ONCE,
      experimental_encoder: line.encoder,
    });
    handle(socket, request);
  };
  server.on('upgrade', (request, socket, head) => {
    const pathname = (request.url ?? '').split('?', 1)[0];
    if (pathname !== '/trpc') return;
    // Until ws takes over, nobody else is bound to listen for a connection that breaks.
    socket.on('error', () => socket.destroy());
    // Browsers send cookies with foreign pages' sockets too: without this look any site could listen in.
    if (isFromElsewhere(request, exchange.publicUrl)) return void socket.end(answer('403 Forbidden'));
    if (crowd.size >= limits.inAll + MOST_TOLD) return void socket.end(answer('503 Service Unavailable'));
    // A page whose socket never opens is told what happens over plain HTTP instead.
    const leave = crowd.enter(request, addressOf(request, trustedProxies));
    if (!leave) return void socket.end(answer('429 Too Many Requests'));
    socket.once('close', leave);
    wss.handleUpgrade(request, socket, head, serve);
  });
  return {
    broadcastReconnectNotification() {
      const news = jsonEncoder.encode({ id: null, method: 'reconnect' });
      for (const socket of wss.clients) socket.send(news);
    },
    /** Ends every socket; one that does not say goodbye in time is cut off. */
    close() {
      for (const socket of wss.clients) {
        socket.close(GOING_AWAY);
        setTimeout(() => socket.terminate(), GOODBYE_MS).unref();
      }
      wss.close();
    },
  };
}

function answer(status: string): string {
  return `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
}

/** Stops listening to a socket that says more than any page does. */
function hushTalkative(socket: WebSocket, perSecond: number): void {
  const isTooMuch = tooTalkative(perSecond);
  socket.on('message', () => {
    if (!isTooMuch()) return;
    socket.removeAllListeners('message');
    socket.close(POLICY_VIOLATION);
  });
}
