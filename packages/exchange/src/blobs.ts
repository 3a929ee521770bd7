import { mkdirSync } from 'node:fs';
import { type FileHandle, open, readdir, rm, stat, statfs } from 'node:fs/promises';
import path from 'node:path';

/** For which a look at the disk counts. */
const LOOK_MS = 1000;
const BLOB_ID = /^[0-9a-f]{32}$/;

/** Of one piece that is lent. Two travel per reader: one to the socket while the other is read. */
const LENT_BYTES = 256 * 1024;
/** Pieces kept for the next reader: memory touched for the first time costs more than reading into it. */
const MOST_IDLE = 64;
const idle: Buffer[] = [];

/** Thrown for an id that cannot name a blob; nothing was read. */
export class NoSuchBlob extends Error {}

/** The disk holds less of a blob than it was given. */
export class BlobCutShort extends Error {}

/**
 * The folder that holds stored bytes, one file a blob, spread over 256 sub-folders.
 * Bytes are written once by tus or STOW and never moved or copied afterwards.
 */
export class BlobFolder {
  readonly directory: string;
  #disk: Promise<{ totalBytes: number; freeBytes: number }> | null = null;
  #looked = -Infinity;

  constructor(directory: string) {
    this.directory = directory;
    for (let i = 0; i < 256; i++) {
      mkdirSync(path.join(directory, i.toString(16).padStart(2, '0')), { recursive: true });
    }
  }

  path(blobId: string): string {
    if (!BLOB_ID.test(blobId)) throw new NoSuchBlob('not a blob id');
    return path.join(this.directory, blobId.slice(0, 2), blobId);
  }

  async size(blobId: string): Promise<number> {
    return (await stat(this.path(blobId))).size;
  }

  /** When its last byte was written; null when it is not there. */
  async writtenAt(blobId: string): Promise<Date | null> {
    return stat(this.path(blobId)).then(
      ({ mtime }) => mtime,
      (error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
        throw error;
      },
    );
  }

  /** Ids of the blobs in one of the 256 sub-folders; whatever else lies there is not ours. */
  async list(subFolder: number): Promise<string[]> {
    const name = subFolder.toString(16).padStart(2, '0');
    const files = await readdir(path.join(this.directory, name));
    return files.filter((file) => BLOB_ID.test(file) && file.startsWith(name));
  }

  open(blobId: string, flags = 'r'): Promise<FileHandle> {
    return open(this.path(blobId), flags);
  }

  /** `length` bytes from `offset`; shorter only where the blob ends. */
  async read(blobId: string, offset: number, length: number): Promise<Buffer> {
    const file = await this.open(blobId);
    try {
      const buffer = Buffer.allocUnsafe(length);
      const { bytesRead } = await file.read(buffer, 0, length, offset);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }

  /**
   * `length` bytes from `offset` in pieces, each lent only until the next is asked for: whoever keeps one copies it.
   * However large the stretch, a reader holds two pieces.
   * @throws BlobCutShort when the blob ends before the stretch does
   */
  async *lend(blobId: string, offset: number, length: number): AsyncGenerator<Uint8Array, void, undefined> {
    if (length === 0) return;
    await using file = await this.open(blobId);
    const size = Math.min(LENT_BYTES, length);
    const pieces = [borrowed(), ...(length > size ? [borrowed()] : [])];
    const end = offset + length;
    const read = async (at: number, piece: Buffer) => {
      const { bytesRead } = await file.read(piece, 0, Math.min(size, end - at), at);
      return piece.subarray(0, bytesRead);
    };
    let coming = read(offset, pieces[0] ?? borrowed());
    try {
      for (let at = offset, turn = 1; at < end; turn++) {
        const bytes = await coming;
        if (bytes.length === 0) throw new BlobCutShort('a blob is shorter than the catalogue says');
        at += bytes.length;
        const next = pieces[turn % 2];
        if (at < end && next) coming = read(at, next);
        yield bytes;
      }
    } finally {
      await coming.catch(() => undefined);
      if (idle.length < MOST_IDLE) idle.push(...pieces);
    }
  }

  /** The disk below, in bytes, at most a second ago. What is kept for root is not free. */
  disk(): Promise<{ totalBytes: number; freeBytes: number }> {
    if (!this.#disk || performance.now() - this.#looked >= LOOK_MS) {
      this.#looked = performance.now();
      this.#disk = statfs(this.directory).then(({ bsize, blocks, bavail }) => ({
        totalBytes: bsize * blocks,
        freeBytes: bsize * bavail,
      }));
    }
    return this.#disk;
  }

  /** Makes acknowledged bytes survive a power cut, not only the end of this process. */
  async sync(blobId: string): Promise<void> {
    const file = await this.open(blobId, 'r+');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  }

  async remove(blobId: string): Promise<void> {
    await rm(this.path(blobId), { force: true });
  }
}

/**
 * Writes all of `pieces` from `position` on. A disk that fills up takes the beginning of a write and says no only to
 * the next, so that one call may have written less than it was given.
 * @returns bytes written
 */
export async function writeWhole(
  file: FileHandle,
  pieces: readonly Uint8Array[],
  position: number,
): Promise<number> {
  let waiting = [...pieces];
  let done = 0;
  while (waiting.length > 0) {
    let { bytesWritten } = await file.writev(waiting, position + done);
    done += bytesWritten;
    while (waiting[0] && bytesWritten >= waiting[0].length) {
      bytesWritten -= waiting[0].length;
      waiting = waiting.slice(1);
    }
    if (waiting[0]) waiting[0] = waiting[0].subarray(bytesWritten);
  }
  return done;
}

/**
 * Gives the memory of bytes back at once; they are gone afterwards, so nobody else may hold them. What comes from a
 * socket lies outside the heap, and while little else is made only a full collection would find that it is free: one
 * for every thirty megabytes received, and half of what receiving costs.
 */
export function letGo(bytes: Uint8Array): void {
  const { buffer, byteLength } = bytes;
  // A part of something larger is not ours alone.
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}

function borrowed(): Buffer {
  return idle.pop() ?? Buffer.allocUnsafeSlow(LENT_BYTES);
}
