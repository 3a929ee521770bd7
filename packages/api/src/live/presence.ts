import type { Server as HttpServer } from 'node:http';
import { createAdapter } from '@socket.io/postgres-adapter';
import { admit, recognise } from '@filmpost/exchange/access/gate/commands.ts';
import { Refused, type Visitor } from '@filmpost/exchange/access/gate/schema.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import pg from 'pg';
import { Server, type Socket } from 'socket.io';
import { z } from 'zod';
import { addressOf, credentialsOf, headersOf, isFromElsewhere } from '../knock.ts';
import { Crowd, type SocketLimits, tooTalkative } from './crowd.ts';
import { Pace, type PaceTick } from './pace.ts';

/** What the server says in a room, and what a screen may ask for. Nothing here is needed for a screen to be right. */
export interface PresenceFromServer {
  pace(tick: PaceTick): void;
  /** How many screens look at this subject now, the asker's included. */
  watching(presence: { topic: string; screens: number }): void;
  /** Who of the facility's staff looks at it, each once; told to staff only. */
  people(presence: { topic: string; names: string[] }): void;
}
export interface PresenceFromClient {
  watch(topic: string, done: (ok: boolean) => void): void;
}

const topicText = z.string().regex(/^(share|upload|request|facility):[a-z0-9-]{2,60}$/);
const MOST_TOPICS = 20;

export interface Presence {
  pace: Pace;
  close(): Promise<void>;
}

interface PresenceOptions {
  server: HttpServer;
  databaseUrl: string;
  trustedProxies: number;
  limits: SocketLimits;
}

/** Presence and pace: socket.io rooms, volatile, spread over all processes by PostgreSQL. Mounted at `/live`. */
export function createPresence(
  exchange: Exchange,
  { server, databaseUrl, trustedProxies, limits }: PresenceOptions,
): Presence {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  pool.on('error', () => undefined);
  // The adapter listens on a client of its own and does not expect the database to restart under it.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const listens = listening(pool);
  const io = new Server<PresenceFromClient, PresenceFromServer, object, { name?: string }>(server, {
    path: '/live',
    serveClient: false,
    maxHttpBufferSize: 16 * 1024,
    adapter: createAdapter(pool, { errorHandler: () => undefined }),
    allowRequest: (request, callback) => callback(null, !isFromElsewhere(request, exchange.publicUrl)),
  });
  const crowd = new Crowd(limits);
  io.engine.on('connection', (connection: Socket['conn']) => {
    const leave = crowd.enter(connection.request, addressOf(connection.request, trustedProxies));
    if (!leave || crowd.size > limits.inAll) connection.close(true);
    if (leave) connection.once('close', leave);
    const isTooMuch = tooTalkative(limits.messagesPerSecond);
    connection.on('packet', () => isTooMuch() && connection.close(true));
  });
  io.on('connection', (socket) => {
    const sender = {
      address: addressOf(socket.request, trustedProxies),
      publicUrl: exchange.publicUrl,
    };
    const credentials = { ...credentialsOf(headersOf(socket.request), sender), unattended: true };
    socket.on('watch', (topic, done) => {
      const ask = topicText.safeParse(topic);
      if (!ask.success || socket.rooms.size > MOST_TOPICS || typeof done !== 'function') return;
      recognise(exchange, credentials)
        .then(async (visitor) => {
          const room = await roomFor(exchange, visitor, ask.data);
          await socket.join(room);
          if (visitor.staff) {
            socket.data.name = visitor.staff.name;
            await socket.join(amongStaff(room));
          }
          done(true);
          await tellWatching(room);
        })
        .catch((error: unknown) => {
          if (!(error instanceof Refused)) console.error('presence: a watcher could not be admitted');
          done(false);
        });
    });
    socket.on('disconnecting', () => {
      for (const room of socket.rooms) {
        if (room !== socket.id && !isAmongStaff(room)) setImmediate(() => void tellWatching(room));
      }
    });
  });
  async function tellWatching(room: string): Promise<void> {
    const watchers = await io.in(room).fetchSockets();
    io.to(room).volatile.emit('watching', { topic: room, screens: watchers.length });
    const names = [...new Set(watchers.flatMap(({ data }) => data.name ?? []))].sort();
    io.to(amongStaff(room)).volatile.emit('people', { topic: room, names });
  }
  const pace = new Pace(exchange, (rooms, tick) => {
    if (rooms.length > 0) io.to(rooms).volatile.emit('pace', tick);
  });
  const close = async () => {
    pace.close();
    // Closed while its listening connection is on its way, the adapter (0.5.0) would never give it back.
    await listens;
    await io.close();
    await pool.end();
  };
  return { pace, close };
}

/** Settles when the adapter listens: on the one connection of its pool that has answered and is not given back. */
function listening(pool: pg.Pool): Promise<void> {
  const lent = new Set<pg.PoolClient>();
  pool.on('release', (_error, client) => lent.delete(client));
  return new Promise((resolve) => {
    const lend = (client: pg.PoolClient) => {
      lent.add(client);
      client.once('drain', () =>
        setImmediate(() => {
          if (!lent.has(client)) return;
          pool.off('acquire', lend);
          resolve();
        }),
      );
    };
    pool.on('acquire', lend);
  });
}

/** Where staff who watch a room hear of each other; visitors learn nobody's name. */
const amongStaff = (room: string) => `${room} staff`;
const isAmongStaff = (room: string) => room.endsWith(' staff');

/** The room of a topic, for those whom the gate lets watch its subject. */
async function roomFor(exchange: Exchange, visitor: Visitor, topic: string): Promise<string> {
  const at = topic.indexOf(':');
  const id = topic.slice(at + 1);
  switch (topic.slice(0, at)) {
    case 'share':
      await admit(exchange, visitor, { capability: 'share:view', subject: { shareId: id } });
      return topic;
    case 'upload':
      await admit(exchange, visitor, { capability: 'upload:watch', subject: { uploadId: id } });
      return topic;
    case 'request':
      await admit(exchange, visitor, { capability: 'request:watch', subject: { requestId: id } });
      return topic;
    default: {
      const ask = { capability: 'facility:work', subject: { facility: id } } as const;
      return `facility:${(await admit(exchange, visitor, ask)).facilityId}`;
    }
  }
}
