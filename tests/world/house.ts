import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { aDatabase } from '@filmpost/db/test-database.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { openExchange } from '@filmpost/exchange/open-exchange.ts';
import { buildEverything } from '../../scripts/building.ts';
import { healthy, whyNotListen } from '../../scripts/health.ts';
import { webServer, workerMain } from '../../scripts/places.ts';
import { Steps } from '../../scripts/steps.ts';

/** One of the house's programs. */
export interface HouseProgram {
  /** `kill -9`; settles when it is gone. */
  kill(): Promise<void>;
  /** Starts it once more; settles when it takes work. */
  start(): Promise<void>;
}

/** The whole product as people meet it: built pages, web and worker as processes of their own, an empty database. */
export interface House {
  /** Without a trailing slash. */
  url: string;
  web: HouseProgram;
  worker: HouseProgram;
  /** The same exchange, opened by the test itself: to prepare what a journey begins with and to look at its end. */
  exchange: Exchange;
  databaseUrl: string;
  /** Where blobs and the secret lie. */
  directory: string;
  /** Everything web and worker have written to their terminals so far. */
  said(): string;
  close(): Promise<void>;
}

export async function aHouse(): Promise<House> {
  await buildEverything({ steps: new Steps() });
  const database = await aDatabase();
  const directory = mkdtempSync(path.join(os.tmpdir(), 'filmpost-house-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { exchange, close } = await openExchange({
    databaseUrl: database.url,
    dataDirectory: directory,
    publicUrl: url,
    secretFile: path.join(directory, 'secret'),
  });
  const surroundings = {
    directory,
    env: {
      ...process.env,
      NODE_ENV: 'production',
      PORT: String(port),
      HOST: '127.0.0.1',
      PUBLIC_URL: url,
      DATA_DIR: directory,
      SECRET_FILE: path.join(directory, 'secret'),
      DATABASE_URL: database.url,
      DEMO: 'no',
    },
  };
  const web = new Program(webServer, surroundings, () => healthy({ host: '127.0.0.1', port }));
  const worker = new Program(workerMain, surroundings);
  await Promise.all([web.start(), worker.start()]);
  return {
    url,
    web,
    worker,
    exchange,
    databaseUrl: database.url,
    directory,
    said: () => web.said + worker.said,
    close: async () => {
      await Promise.all([web.stop(), worker.stop()]);
      await close();
      await database.drop();
      rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Before anything is started again on it, nobody else may take it: so below what systems hand out by themselves. */
export async function freePort(): Promise<number> {
  const port = 20_000 + Math.floor(Math.random() * 10_000);
  return (await whyNotListen({ host: '127.0.0.1', port })) ? freePort() : port;
}

interface Surroundings {
  directory: string;
  env: NodeJS.ProcessEnv;
}

class Program implements HouseProgram {
  said = '';
  readonly #file: string;
  readonly #surroundings: Surroundings;
  readonly #working: () => Promise<unknown>;
  #child: ChildProcess | undefined;

  constructor(
    file: string,
    surroundings: Surroundings,
    working: () => Promise<unknown> = async () => undefined,
  ) {
    this.#file = file;
    this.#surroundings = surroundings;
    this.#working = working;
  }

  async start(): Promise<void> {
    const { directory, env } = this.#surroundings;
    // The channel ends it with us; a directory of its own keeps a developer's .env out.
    const child = spawn(process.execPath, ['--enable-source-maps', this.#file], {
      env,
      cwd: directory,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (this.said += text));
    const ended = once(child, 'exit').then(() => {
      throw new Error(`${path.basename(this.#file)} ended: ${this.said}`);
    });
    ended.catch(() => undefined);
    await Promise.race([this.#working(), ended]);
  }

  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }
}
