import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { setInterval as every } from 'node:timers/promises';
import { repository, webServer, workerMain } from '../../scripts/places.ts';

/** `npm start` as somebody at a terminal has it. */
export interface Started {
  /** Everything it has printed so far. */
  printed(): string;
  /** Settles when it has printed these words. @throws when it ends before */
  says(words: string): Promise<void>;
  /** Ctrl-C: the terminal tells everything it runs. */
  interrupt(): void;
  /** Settles with npm's exit code; null after a signal. */
  ended: Promise<number | null>;
}

export function npmStart(settings: { DATA_DIR: string; PORT: string; DEMO?: 'no' }): Started {
  // Empty counts as unset: nothing that whoever runs the tests has set for a house of their own.
  const plain = {
    DATABASE_URL: '',
    PUBLIC_URL: '',
    SECRET_FILE: '',
    FILMPOST_SECRET: '',
    HOST: '',
    DEMO: '',
  };
  // A group of its own is what a terminal gives a command.
  const child = spawn('npm', ['start'], {
    cwd: repository,
    env: { ...process.env, ...plain, ...settings },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
  return {
    printed: () => printed,
    says: (words) =>
      new Promise((resolve, reject) => {
        const look = () => printed.includes(words) && resolve();
        for (const stream of [child.stdout, child.stderr]) stream.on('data', look);
        child.once('close', () => reject(new Error(`npm start ended before it said so: ${printed}`)));
        look();
      }),
    interrupt: () => process.kill(-(child.pid ?? 0), 'SIGINT'),
    ended: once(child, 'close').then(([code]) => code),
  };
}

/** Settles when no process of this machine works in the folder any more (Linux). */
export async function nobodyWorksIn(folder: string): Promise<void> {
  for await (const _ of every(100)) if (workersIn(folder).length === 0) return;
}

/** The programs that `npm start` keeps running. */
export type StartedProgram = 'web' | 'worker' | 'database';

/**
 * The process that is this program at the moment, of an installation in `folder` (Linux); undefined while it is none.
 */
export function processOf(folder: string, program: StartedProgram): number | undefined {
  if (program === 'database') return databaseProcess(folder);
  const file = program === 'web' ? webServer : workerMain;
  return workersIn(folder).find((pid) => readProc(pid, 'cmdline').split('\0').includes(file));
}

/** PostgreSQL's first process. A killed one leaves its number lying about, which may be anybody's by now. */
function databaseProcess(folder: string): number | undefined {
  const cluster = path.join(folder, 'postgres');
  const file = path.join(cluster, 'postmaster.pid');
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n', 1)[0]) : 0;
  return workersIn(cluster).includes(pid) ? pid : undefined;
}

/** Ids of processes that were told of the folder, by their words or their surroundings. */
export function workersIn(folder: string): number[] {
  const pids = readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid);
  return pids.filter((pid) => ['cmdline', 'environ'].some((file) => readProc(pid, file).includes(folder)));
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(path.join('/proc', String(pid), file), 'utf8');
  } catch {
    return '';
  }
}
