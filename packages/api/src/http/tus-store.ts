import { open, stat, truncate, writeFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { Granted } from '@filmpost/exchange/access/gate/schema.ts';
import { letGo, writeWhole } from '@filmpost/exchange/blobs.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { blobTerminated, declareBlobSize, expectBlob } from '@filmpost/exchange/intake/blobs/commands.ts';
import { findBlob } from '@filmpost/exchange/intake/blobs/queries.ts';
import { diskTakesBytes } from '@filmpost/exchange/intake/limits/queries.ts';
import { terminateBlob } from '@filmpost/exchange/intake/termination/commands.ts';
import { DataStore, ERRORS, Upload } from '@tus/utils';

/** Bytes gathered before they go to the disk in one write. */
const WRITE_BYTES = 1024 * 1024;
/** On a slow line they go sooner: what a crash loses and what a pace says must not depend on the line. */
const WRITE_MS = 500;

/** Where metadata keeps the header as its sender wrote it. No client's key can be this: they hold no spaces. */
export const AS_SENT = 'as sent';

/** What was settled of an upload before tus creates it. */
export interface Permit {
  granted: Granted<'upload:write'>;
  /** `Upload-Metadata`, whose words HEAD must repeat. */
  asSent: string | null;
}

/**
 * tus's data store over the blob folder and its books in PostgreSQL. What tus writes here is the archived blob: no
 * later step moves or copies it. The offset is the file's length, so acknowledged bytes are exactly those on disk.
 */
export class TusStore extends DataStore {
  readonly #exchange: Exchange;
  /** Who may create which upload was settled when the request came in; tus does not carry it to the store. */
  readonly #permits = new Map<string, Permit>();
  readonly #removals = new Map<string, Granted<'upload:write'>>();
  readonly #onBytes: (blobId: string, bytes: number) => void;

  constructor(exchange: Exchange, onBytes: (blobId: string, bytes: number) => void) {
    super();
    this.#exchange = exchange;
    this.#onBytes = onBytes;
    this.extensions = [
      'creation',
      'creation-with-upload',
      'creation-defer-length',
      'termination',
      'expiration',
      'checksum',
    ];
  }

  /** Lets the upload with this id be created under a right that the gate has given. */
  permit(id: string, permit: Permit): void {
    this.#permits.set(id, permit);
  }

  /** Lets the upload with this id be taken back under a right that the gate has given. */
  permitRemoval(id: string, granted: Granted<'upload:write'>): void {
    this.#removals.set(id, granted);
  }

  override async create(upload: Upload): Promise<Upload> {
    const permit = this.#permits.get(upload.id);
    this.#permits.delete(upload.id);
    if (!permit) throw ERRORS.FILE_NOT_FOUND;
    const { granted, asSent } = permit;
    const metadata = storable(upload.metadata ?? {});
    if (asSent !== null) metadata[AS_SENT] = asSent;
    const { id, size = null } = upload;
    // The file comes first: a process that dies in between leaves an empty file, never a row without one.
    await writeFile(this.#exchange.blobs.path(id), '');
    try {
      await expectBlob(this.#exchange, granted, { id, size, contentKey: contentKeyOf(metadata), metadata });
    } catch (error) {
      await this.#exchange.blobs.remove(id);
      throw error;
    }
    return upload;
  }

  override write(readable: Readable, id: string, offset: number): Promise<number> {
    return this.receive(id, { offset, chunks: readable });
  }

  /**
   * Writes what comes, from `offset` on; the new offset. The pieces are used up. What came before a line broke, or the
   * disk was full, is kept and counts.
   * @throws NoRoom
   */
  async receive(
    id: string,
    { offset, chunks }: { offset: number; chunks: AsyncIterable<Buffer> },
  ): Promise<number> {
    await using file = await open(this.#exchange.blobs.path(id), 'r+');
    let position = offset;
    let waiting: Buffer[] = [];
    let length = 0;
    let flushed = performance.now();
    const flush = async () => {
      flushed = performance.now();
      if (length === 0) return;
      // Put aside first: what the disk refused is not tried again on the way out.
      const [pieces, bytes] = [waiting, length];
      [waiting, length] = [[], 0];
      await diskTakesBytes(this.#exchange, bytes);
      position += await writeWhole(file, pieces, position);
      pieces.forEach(letGo);
      this.#onBytes(id, bytes);
    };
    try {
      for await (const chunk of chunks) {
        waiting.push(chunk);
        length += chunk.length;
        if (length >= WRITE_BYTES || performance.now() - flushed >= WRITE_MS) await flush();
      }
    } finally {
      await flush();
    }
    return position;
  }

  /**
   * The same, but all or nothing: unless the pieces come to their end without an error, none is kept.
   * @throws NoRoom and whatever the pieces throw
   */
  async receiveWhole(id: string, bytes: { offset: number; chunks: AsyncIterable<Buffer> }): Promise<number> {
    try {
      return await this.receive(id, bytes);
    } catch (error) {
      await truncate(this.#exchange.blobs.path(id), bytes.offset);
      throw error;
    }
  }

  override async getUpload(id: string): Promise<Upload> {
    const blob = await findBlob(this.#exchange, id);
    if (!blob || blob.state === 'removed') throw ERRORS.FILE_NOT_FOUND;
    const { size, mtime } = await stat(this.#exchange.blobs.path(id));
    return new Upload({
      id,
      ...(blob.size !== null && { size: blob.size }),
      offset: size,
      metadata: blob.metadata,
      // Expiry counts from the last byte, and the library knows one date only.
      creation_date: (mtime > blob.createdAt ? mtime : blob.createdAt).toISOString(),
    });
  }

  override async declareUploadLength(id: string, size: number): Promise<void> {
    await declareBlobSize(this.#exchange, id, size);
  }

  /** Forgets what was begun and is not to be. */
  async forget(id: string): Promise<void> {
    await blobTerminated(this.#exchange, id);
  }

  /** @throws HandedOver */
  override async remove(id: string): Promise<void> {
    const granted = this.#removals.get(id);
    this.#removals.delete(id);
    if (!granted || !(await terminateBlob(this.#exchange, granted, id))) throw ERRORS.FILE_NOT_FOUND;
  }

  override getExpiration(): number {
    return 7 * 24 * 60 * 60 * 1000;
  }
}

/** What STOW notes on its own blobs for ingest; a client of tus may not speak in its name. */
const RESERVED = ['parts', 'study'];

/** Longest key by which an upload is found again; what is longer is none. Ours have 64 characters. */
const MOST_KEY = 200;

function contentKeyOf({ key }: Record<string, string | null>): string | null {
  return key && key.length <= MOST_KEY ? key : null;
}

/** Metadata as PostgreSQL can hold it: no NUL, no half of a character. */
function storable(metadata: Record<string, string | null>): Record<string, string | null> {
  const clean = (text: string) => text.replaceAll('\0', '').toWellFormed();
  return Object.fromEntries(
    Object.entries(metadata)
      .filter(([key]) => !RESERVED.includes(key))
      .map(([key, value]) => [clean(key), value === null ? null : clean(value)]),
  );
}
