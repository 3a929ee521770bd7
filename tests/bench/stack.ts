import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { environment } from '@filmpost/config/environment.ts';
import { startEmbeddedPostgres } from '@filmpost/db/embedded.ts';
import { migrateToLatest } from '@filmpost/db/migrate.ts';
import { openExchange } from '@filmpost/exchange/open-exchange.ts';
import { PROCESS_ENVIRONMENT, WEB, WORKER } from '../../scripts/processes.ts';
import { type Running, runNode } from '../../scripts/program.ts';
import { aDevice, aFacility, aStaffMember, maya } from '../world/facility.ts';

export interface Stack {
  url: string;
  databaseUrl: string;
  /** A device's bearer key. */
  key: string;
  /** Where `maya` is a clerk. */
  facility: string;
  dataDirectory: string;
  /** Process ids by what they are. */
  pids: { web: number; worker: number; postgres: number };
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

async function ready(url: string, programs: Running[]): Promise<void> {
  let ended: string | undefined;
  void Promise.race(programs.map(({ exited }) => exited)).then((reason) => (ended = reason));
  for (;;) {
    if (ended !== undefined) throw new Error(`a process of the stack ended early (${ended})`);
    const answer = await fetch(`${url}/health`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The product as it runs for people, durable settings and all, in a folder that is thrown away. */
export async function startStack(): Promise<Stack> {
  const dataDirectory = mkdtempSync(path.join(os.tmpdir(), 'filmpost-bench-'));
  const postgres = await startEmbeddedPostgres({ directory: path.join(dataDirectory, 'postgres') });
  await migrateToLatest(postgres.url);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { exchange, close } = await openExchange({
    ...environment(),
    dataDirectory,
    secretFile: path.join(dataDirectory, 'secret'),
    publicUrl: url,
    databaseUrl: postgres.url,
  });
  const facility = await aFacility(exchange, { slug: 'bench' });
  const { key } = await aDevice(exchange, facility);
  await aStaffMember(exchange, facility, maya);
  await close();
  const env = {
    ...PROCESS_ENVIRONMENT,
    ...process.env,
    PORT: String(port),
    HOST: '127.0.0.1',
    PUBLIC_URL: url,
    DATA_DIR: dataDirectory,
    DATABASE_URL: postgres.url,
    // Everybody measured sits at this one address.
    SOCKETS_PER_ADDRESS: '100000',
  };
  const web = runNode({ ...WEB, env });
  const worker = runNode({ ...WORKER, env });
  await ready(url, [web, worker]);
  const stop = async () => {
    await worker.stop();
    await web.stop();
    await postgres.stop();
    rmSync(dataDirectory, { recursive: true, force: true, maxRetries: 5 });
  };
  const pids = { web: web.pid, worker: worker.pid, postgres: postgres.pid };
  return { url, databaseUrl: postgres.url, key, facility: 'bench', dataDirectory, pids, stop };
}
