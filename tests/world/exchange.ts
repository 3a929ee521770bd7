import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { type FilmpostServer, type ServerSettings, createServer } from '@filmpost/api/server.ts';
import { aDatabase } from '@filmpost/db/test-database.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import type { Limits } from '@filmpost/exchange/intake/limits/schema.ts';
import { JOBS, openExchange } from '@filmpost/exchange/open-exchange.ts';

/** An exchange of a test's own: an empty database, an empty folder, a clock that can be moved. */
export interface World {
  exchange: Exchange;
  databaseUrl: string;
  /** Where blobs and the secret lie. */
  directory: string;
  /** Moves `exchange.now()` on, beside the real time that passes anyway. */
  pass(time: { minutes?: number; days?: number }): void;
  /** Does the jobs that are waiting, and those they send, until there are none. */
  work(): Promise<void>;
  close(): Promise<void>;
}

/** The address that goes into links; nothing listens there. */
export const PUBLIC_URL = 'http://filmpost.test';

export async function anExchange({ limits }: { limits?: Partial<Limits> } = {}): Promise<World> {
  const database = await aDatabase();
  const directory = mkdtempSync(path.join(os.tmpdir(), 'filmpost-world-'));
  let ahead = 0;
  const { exchange, close } = await openExchange({
    databaseUrl: database.url,
    dataDirectory: directory,
    publicUrl: PUBLIC_URL,
    secret: 'a secret of a world that lives only as long as its test',
    secretFile: path.join(directory, 'secret'),
    ...(limits && { limits }),
    now: () => new Date(Date.now() + ahead),
  });
  return {
    exchange,
    databaseUrl: database.url,
    directory,
    pass: ({ minutes = 0, days = 0 }) => {
      ahead += (minutes + days * 24 * 60) * 60_000;
    },
    work: () => workOff(exchange),
    close: async () => {
      await close();
      await database.drop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** What a worker does, without its waiting. A job that fails fails the test. */
async function workOff(exchange: Exchange): Promise<void> {
  for (let worked = true; worked;) {
    worked = false;
    for (const job of JOBS) {
      const waiting = await exchange.boss.fetch(job.queue, { batchSize: job.work.batchSize });
      if (waiting.length === 0) continue;
      await job.handle(
        exchange,
        waiting.map(({ data }) => data),
      );
      await exchange.boss.complete(
        job.queue,
        waiting.map(({ id }) => id),
      );
      worked = true;
    }
  }
}

export interface ServedWorld extends World {
  server: FilmpostServer;
  /** Without a trailing slash, e.g. `http://127.0.0.1:41873`. */
  url: string;
}

/** A world behind its real front door, on a port of its own. Jobs are done when the test calls `work`. */
export async function aServer({
  uploadMaxBytes = 64 * 1024 * 1024,
  instanceMaxBytes,
  sockets = {},
  limits = {},
}: Partial<Pick<ServerSettings, 'uploadMaxBytes' | 'instanceMaxBytes' | 'sockets'>> & {
  limits?: Partial<Limits>;
} = {}): Promise<ServedWorld> {
  const world = await anExchange({ limits });
  const viewerDirectory = path.join(world.directory, 'viewer');
  mkdirSync(viewerDirectory);
  writeFileSync(path.join(viewerDirectory, 'index.html'), '<!doctype html><title>viewer</title>');
  const { databaseUrl, exchange } = world;
  const server = await createServer(exchange, {
    databaseUrl,
    viewerDirectory,
    uploadMaxBytes,
    instanceMaxBytes,
    trustedProxies: 0,
    sockets,
  });
  await new Promise<void>((resolve) => server.http.listen(0, '127.0.0.1', resolve));
  // Listening on TCP, so it has an address and a port.
  const { port } = server.http.address() as AddressInfo;
  return {
    ...world,
    server,
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      await server.close();
      server.http.closeAllConnections();
      await world.close();
    },
  };
}
