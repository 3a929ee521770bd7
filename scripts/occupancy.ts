import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { takeLock } from './lock.ts';

const note = z.object({ address: z.string(), pid: z.number() });

export interface Occupied {
  /** The one before was killed, so its web process may still be letting go of the port. */
  afterKill: boolean;
  /** First step of leaving: tells the next start to wait for us instead of pointing to us. */
  announceLeaving(): void;
  release(): void;
}

export class AlreadyRunningError extends Error {
  override name = 'AlreadyRunningError';
}

export interface Claim {
  dataDirectory: string;
  /** Whose lock: one embedded database per folder, but any number of servers beside a DATABASE_URL. */
  name: string;
  address: string;
}

/** Milliseconds a start waits for its predecessor to finish stopping. */
const PATIENCE = 15_000;

function readNote(file: string): z.infer<typeof note> | undefined {
  try {
    return note.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/**
 * Makes this process the one that runs Filmpost in a data directory.
 * @throws AlreadyRunningError in words for the person who tried
 */
export function occupy({ dataDirectory, name, address }: Claim): Occupied {
  mkdirSync(dataDirectory, { recursive: true });
  const file = path.join(dataDirectory, `${name}.json`);
  const lockFile = path.join(dataDirectory, `${name}.lock`);
  const lock = takeLock(lockFile) ?? (readNote(file) ? undefined : takeLock(lockFile, PATIENCE));
  if (!lock) {
    const where = readNote(file)?.address ?? 'an unknown address';
    const folder = path.relative(process.cwd(), dataDirectory) || '.';
    throw new AlreadyRunningError(`Filmpost is already running at ${where} (DATA_DIR ${folder}).`);
  }
  const afterKill = readNote(file) !== undefined;
  writeFileSync(file, JSON.stringify({ address, pid: process.pid }));
  const announceLeaving = () => rmSync(file, { force: true });
  return { afterKill, announceLeaving, release: lock.release };
}
