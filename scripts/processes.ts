import type { Environment } from '@filmpost/config/environment.ts';
import { healthy, whyNotListenSoon } from './health.ts';
import type { Address } from './health.ts';
import { webServer, workerMain } from './places.ts';
import { runNode } from './program.ts';
import type { Running } from './program.ts';
import { Supervisor } from './supervisor.ts';
import { watchSources } from './watching.ts';

/**
 * Thousands of listeners make much that lives shortly, and so does a long upload. Left alone, V8 gives it more and more
 * room, a hundred and thirty megabytes in the end; so much is enough for it to die young.
 */
const V8_OPTIONS = ['--max-semi-space-size=16'] as const;

/**
 * glibc gives threads heaps of their own and returns little of any of them: after a gigabyte has come in, two heaps
 * hold some forty megabytes less than eight. It also learns from every large piece of memory that is given back to
 * keep the next one; a fixed bound ends that, for another thirty. Other C libraries take no notice.
 */
export const PROCESS_ENVIRONMENT = { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '131072' } as const;

export const WEB = { file: webServer, options: V8_OPTIONS } as const;

/** Bytes that arrive cannot wait, for the line is paid for by somebody else; understanding them can. */
export const WORKER = { file: workerMain, options: V8_OPTIONS, givesWay: true, patience: 8_000 } as const;

/** Filmpost cannot start, for a reason the person who tried can do something about. */
export class StartError extends Error {
  override name = 'StartError';
}

/**
 * Makes sure that we can serve where we are told to.
 * @param afterKill a predecessor may still be letting go of the port
 * @throws StartError naming the variable to set
 */
export async function portIsOurs(address: Address, afterKill: boolean): Promise<void> {
  const reason = await whyNotListenSoon(address, afterKill ? 10_000 : 0);
  if (reason === undefined) return;
  const place = `port ${address.port} of ${address.host}`;
  if (reason === 'EADDRINUSE') {
    throw new StartError(
      `Something else is using ${place}: set PORT to another one, as in PORT=4001 npm start.`,
    );
  }
  throw new StartError(`Nothing can be served on ${place} (${reason}): set PORT or HOST to another one.`);
}

interface Surroundings {
  settings: Environment;
  development: boolean;
  /** Gets what is to be stopped later, in the order of starting. */
  started: { stop(): Promise<void> }[];
  report(sentence: string): void;
}

/**
 * Starts the web process and the worker, keeps them running, and settles when visitors can come.
 * @throws StartError when the web process does not even come up once
 */
export async function runProcesses(databaseUrl: string, around: Surroundings): Promise<void> {
  const { settings, development, started, report } = around;
  const env = processEnvironment(databaseUrl, around);
  const firsts: Running[] = [];
  const startWeb = () => {
    const running = runNode({ ...WEB, env });
    firsts.push(running);
    return running;
  };
  const startWorker = () => runNode({ ...WORKER, env });
  const web = new Supervisor({ name: 'web process', start: startWeb, report });
  const worker = new Supervisor({ name: 'worker', start: startWorker, report });
  started.push(web, worker);
  await Promise.all([web.start(), worker.start()]);
  const ended = firsts[0]?.exited.then((reason) => {
    throw new StartError(`The web process ended while starting (${reason}).`);
  });
  await Promise.race([healthy(settings), ended]);
  if (development) restartOnChanges(web, worker);
}

function processEnvironment(databaseUrl: string, { settings, development }: Surroundings): NodeJS.ProcessEnv {
  return {
    ...PROCESS_ENVIRONMENT,
    ...process.env,
    NODE_ENV: development ? 'development' : 'production',
    FILMPOST_DEV: development ? 'yes' : 'no',
    DATABASE_URL: databaseUrl,
    DATA_DIR: settings.dataDirectory,
    SECRET_FILE: settings.secretFile,
  };
}

function restartOnChanges(web: Supervisor, worker: Supervisor): void {
  watchSources(['packages'], () => void Promise.all([web.restart(), worker.restart()]));
  watchSources(['apps/worker'], () => void worker.restart());
}
