import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export interface Lock {
  release(): void;
}

/** SQLITE_BUSY: another process holds it (sqlite.org/rescode.html). */
const BUSY = 5;

const isBusy = (error: unknown) => error instanceof Error && 'errcode' in error && error.errcode === BUSY;

/**
 * Takes a lock the kernel gives back when its holder ends, however it ends. A file with a pid would have to be judged
 * stale, and pids lie: they are reused, and mean something else in another container on the same volume. Node has no
 * flock, but it has SQLite, whose exclusive transaction is one.
 * @param patience milliseconds to wait for another holder
 * @returns undefined when another process holds it
 */
export function takeLock(file: string, patience = 0): Lock | undefined {
  mkdirSync(path.dirname(file), { recursive: true });
  const database = new DatabaseSync(file, { timeout: patience });
  try {
    database.exec('pragma journal_mode = memory; begin exclusive');
  } catch (error) {
    database.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
  return { release: () => database.close() };
}
