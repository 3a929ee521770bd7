import type { Db } from '@filmpost/db/client.ts';
import { sql } from 'kysely';
import type { Granted } from '../../access/gate/schema.ts';
import type { Exchange } from '../../exchange.ts';
import { type Trx, transact } from '../../transaction.ts';
import { tellUpload } from '../commands.ts';
import { diskTakesBlob, withinLimits } from '../limits/queries.ts';
import { uploadCan } from '../rules.ts';

/** The job that turns a received blob into catalogue rows. */
export const INGEST_BLOB = 'ingest-blob';

/** The upload takes no more bytes: it was confirmed, withdrawn or given up. */
export class UploadClosed extends Error {
  constructor() {
    super('This upload is closed and takes no more files.');
    this.name = 'UploadClosed';
  }
}

/** These very bytes are on their way already under the same upload. */
export class AlreadyArriving extends Error {
  constructor() {
    super('These files are being received already.');
    this.name = 'AlreadyArriving';
  }
}

export interface NewBlob {
  id: string;
  size: number | null;
  contentKey: string | null;
  metadata: Record<string, string | null>;
}

/**
 * Makes room in the books for bytes about to come.
 * @throws UploadClosed @throws AlreadyArriving @throws TooMuch @throws NoRoom
 */
export async function expectBlob(
  exchange: Exchange,
  granted: Granted<'upload:write'>,
  blob: NewBlob,
): Promise<void> {
  await exchange.db.transaction().execute(async (trx) => {
    // Held until commit: nobody finishes the upload between the look and the row, and blobs are counted one by one.
    const upload = await trx
      .selectFrom('upload')
      .select(['state', 'bytesReceived', 'bytesToSend'])
      .where('id', '=', granted.uploadId)
      .forNoKeyUpdate()
      .executeTakeFirstOrThrow();
    if (!uploadCan('receive', upload.state)) throw new UploadClosed();
    await diskTakesBlob(exchange, { running: upload, size: blob.size ?? 0 });
    const row = await trx
      .insertInto('blob')
      .values({
        ...blob,
        metadata: JSON.stringify(blob.metadata),
        uploadId: granted.uploadId,
        createdAt: exchange.now(),
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst();
    if (!row) throw new AlreadyArriving();
    await withinLimits(exchange, trx, { uploadId: granted.uploadId, size: blob.size });
  });
}

/**
 * All bytes of a blob are on the disk. Durable before yes: the file is synced, then the row and the ingest job
 * become true together; only then may the client be told. Saying it twice changes nothing.
 */
export async function blobReceived(exchange: Exchange, blobId: string, size: number): Promise<void> {
  await exchange.blobs.sync(blobId);
  const actor = { kind: 'operator', id: 'intake', address: 'local' } as const;
  await transact(exchange, actor, async (trx, ledger) => {
    const now = exchange.now();
    const blob = await trx
      .updateTable('blob')
      .set({ state: 'received', size, receivedAt: now })
      .where('id', '=', blobId)
      .where('state', '=', 'receiving')
      .returning('uploadId')
      .executeTakeFirst();
    if (!blob) return;
    await countBytes(trx, blob.uploadId, { size, now });
    ledger.job(INGEST_BLOB, { blobId });
  });
}

/** Whoever trickles bytes makes no more news than this. */
const NEWS_MS = 30_000;

/**
 * Bytes of a blob have reached the disk and more are to come. A large volume on a thin line takes an hour, and whoever
 * watches must not take it for stuck.
 */
export async function bytesAreComing(exchange: Exchange, uploadId: string): Promise<void> {
  const actor = { kind: 'operator', id: 'intake', address: 'local' } as const;
  await transact(exchange, actor, async (trx, ledger) => {
    const now = exchange.now();
    const heard = new Date(now.getTime() - NEWS_MS);
    const upload = await trx
      .updateTable('upload')
      .set({ firstByteAt: sql`coalesce(first_byte_at, ${now})`, lastByteAt: now })
      .where('id', '=', uploadId)
      .where('state', '=', 'open')
      .where((eb) => eb.or([eb('lastByteAt', 'is', null), eb('lastByteAt', '<', heard)]))
      .returning('id')
      .executeTakeFirst();
    if (upload) await tellUpload(trx, ledger, uploadId);
  });
}

/**
 * All bytes of a blob that whoever received them understands at once: no job is sent, the sweeper finds them should
 * that process die first.
 */
export async function blobStored(
  exchange: Exchange,
  blobId: string,
  { size, metadata }: { size: number; metadata: Record<string, string | null> },
): Promise<void> {
  await exchange.blobs.sync(blobId);
  const now = exchange.now();
  const { uploadId } = await exchange.db
    .updateTable('blob')
    .set({ state: 'received', size, receivedAt: now, metadata: JSON.stringify(metadata) })
    .where('id', '=', blobId)
    .returning('uploadId')
    .executeTakeFirstOrThrow();
  await countBytes(exchange.db, uploadId, { size, now });
}

async function countBytes(
  db: Db | Trx,
  uploadId: string,
  { size, now }: { size: number; now: Date },
): Promise<void> {
  await db
    .updateTable('upload')
    .set({
      firstByteAt: sql`coalesce(first_byte_at, ${now})`,
      lastByteAt: now,
      bytesReceived: sql`bytes_received + ${size}`,
    })
    .where('id', '=', uploadId)
    .execute();
}

/** Forgets a blob that its sender took back before it was complete. */
export async function blobTerminated(exchange: Exchange, blobId: string): Promise<void> {
  await exchange.db
    .updateTable('blob')
    .set({ state: 'removed' })
    .where('id', '=', blobId)
    .where('state', '=', 'receiving')
    .execute();
  await exchange.blobs.remove(blobId);
}

/** Writes down a length that was deferred at creation (tus creation-defer-length). @throws TooMuch @throws NoRoom */
export async function declareBlobSize(exchange: Exchange, blobId: string, size: number): Promise<void> {
  await exchange.db.transaction().execute(async (trx) => {
    const { uploadId } = await trx
      .updateTable('blob')
      .set({ size })
      .where('id', '=', blobId)
      .returning('uploadId')
      .executeTakeFirstOrThrow();
    await withinLimits(exchange, trx, { uploadId, size });
  });
}
