import { createReadStream, mkdirSync } from 'node:fs';
import { type FileHandle, open, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';

const BLOB_ID = /^[0-9a-f]{32}$/;

/** Thrown for an id that cannot name a blob; nothing was read. */
export class NoSuchBlob extends Error {}

/**
 * The folder that holds stored bytes, one file a blob, spread over 256 sub-folders.
 * Bytes are written once by tus or STOW and never moved or copied afterwards.
 */
export class BlobFolder {
  readonly directory: string;

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

  stream(blobId: string, offset: number, length: number): Readable {
    return createReadStream(this.path(blobId), {
      start: offset,
      end: offset + length - 1,
      highWaterMark: 256 * 1024,
    });
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
