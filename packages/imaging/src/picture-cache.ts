import { randomBytes } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** A file of the cache as a sweep sees it. */
interface Kept {
  file: string;
  bytes: number;
  /** When it was last of use, in milliseconds since 1970; to the hour. */
  usedAt: number;
}

const HOUR_MS = 3_600_000;
/** Share of the bound that a sweep leaves, so that the next one is not due at once. */
const SWEPT_TO = 0.8;

/**
 * A folder of small files that can be made again: kept by key, the least recently used removed when they grow beyond
 * a bound. Several processes may share it; the bound is then held by each of them, seen from its own writes.
 */
export class PictureCache {
  readonly #directory: string;
  readonly #mostBytes: number;
  /** Bytes in the folder as far as this process knows; null until it has looked. */
  #bytes: number | null = null;
  #sweeping: Promise<void> | null = null;

  /** @param mostBytes what the folder may hold, give or take one sweep */
  constructor(directory: string, mostBytes: number) {
    this.#directory = directory;
    this.#mostBytes = mostBytes;
  }

  /** @param key lower-case hexadecimal digits @returns null where there is none that is young enough */
  async get(key: string, { maxAgeMs = Infinity } = {}): Promise<Buffer | null> {
    const file = this.#file(key);
    try {
      const bytes = await readFile(file);
      const age = Date.now() - (await stat(file)).mtimeMs;
      if (age > maxAgeMs) return null;
      if (maxAgeMs === Infinity && age > HOUR_MS) await utimes(file, new Date(), new Date());
      return bytes;
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  /** Kept whole or not at all: readers never see half a file. */
  async put(key: string, bytes: Uint8Array): Promise<void> {
    const file = this.#file(key);
    const beside = `${file}.${randomBytes(6).toString('hex')}`;
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(beside, bytes);
    await rename(beside, file);
    this.#bytes = this.#bytes === null ? null : this.#bytes + bytes.length;
    if (this.#bytes === null || this.#bytes > this.#mostBytes) await this.sweep();
  }

  /** Counts what is there and removes what has been of no use for the longest, until the rest fits. */
  sweep(): Promise<void> {
    this.#sweeping ??= this.#sweep().finally(() => (this.#sweeping = null));
    return this.#sweeping;
  }

  async #sweep(): Promise<void> {
    const kept = (await this.#list()).sort((a, b) => a.usedAt - b.usedAt);
    let bytes = kept.reduce((sum, file) => sum + file.bytes, 0);
    const target = bytes > this.#mostBytes ? this.#mostBytes * SWEPT_TO : bytes;
    for (const file of kept) {
      if (bytes <= target) break;
      await rm(file.file, { force: true });
      bytes -= file.bytes;
    }
    this.#bytes = bytes;
  }

  async #list(): Promise<Kept[]> {
    const entries = await readdir(this.#directory, { recursive: true, withFileTypes: true });
    const kept: Kept[] = [];
    for (const entry of entries) {
      if (!entry.isFile()) continue;
      const file = path.join(entry.parentPath, entry.name);
      // Another process may have removed it since.
      const found = await stat(file).catch(() => null);
      if (found) kept.push({ file, bytes: found.size, usedAt: found.mtimeMs });
    }
    return kept;
  }

  #file(key: string): string {
    return path.join(this.#directory, key.slice(0, 2), key);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
