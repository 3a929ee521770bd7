import { prepareSeriesMetadata } from '../../archive/reading/queries.ts';
import type { Exchange } from '../../exchange.ts';
import { reopenRequest } from '../../requests/commands.ts';
import { transact } from '../../transaction.ts';
import { forgetOldAttempts } from '../../access/attempts/commands.ts';
import { forgetOldEvents } from '../../events/commands.ts';
import { closeUpload, tellExamsOf, tellUpload } from '../commands.ts';
import { INGEST_BLOB } from '../blobs/commands.ts';
import { takeStock } from '../stocktaking/commands.ts';
import { shelfDue } from '../stocktaking/rules.ts';
import { ABANDONED_AFTER_DAYS, BROKEN_OFF_AFTER_HOURS, DEVICE_UPLOAD_IDLE_MINUTES } from '../rules.ts';

const actor = { kind: 'operator', id: 'intake', address: 'local' } as const;

/**
 * Once every blob of a sent upload is understood, the upload has arrived: series metadata is made ready, and what the
 * facility's own staff or devices brought is handed over without a Confirm.
 */
export async function settleUpload(exchange: Exchange, uploadId: string): Promise<void> {
  if (await isStillComing(exchange, uploadId)) return;
  await prepareMetadata(exchange, uploadId);
  await transact(exchange, actor, async (trx, ledger) => {
    const upload = await trx
      .selectFrom('upload')
      .select(['state', 'kind'])
      .where('id', '=', uploadId)
      .forUpdate()
      .executeTakeFirst();
    if (upload?.state !== 'sent') return;
    const now = exchange.now();
    await trx
      .updateTable('upload')
      .set({ state: 'arrived', arrivedAt: now })
      .where('id', '=', uploadId)
      .execute();
    await tellExamsOf(trx, ledger, uploadId);
    if (upload.kind !== 'request') await closeUpload(trx, ledger, { uploadId, state: 'confirmed', at: now });
    await tellUpload(trx, ledger, uploadId);
  });
}

async function isStillComing(exchange: Exchange, uploadId: string): Promise<boolean> {
  const row = await exchange.db
    .selectFrom('blob')
    .select('id')
    .where('uploadId', '=', uploadId)
    .where('state', 'in', ['receiving', 'received'])
    .executeTakeFirst();
  return row !== undefined;
}

async function prepareMetadata(exchange: Exchange, uploadId: string): Promise<void> {
  const series = await exchange.db
    .selectFrom('series')
    .select('series.id')
    .whereRef('series.preparedCount', '<>', 'series.instanceCount')
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('instance')
          .select('instance.id')
          .whereRef('instance.seriesId', '=', 'series.id')
          .where('instance.uploadId', '=', uploadId),
      ),
    )
    .execute();
  for (const { id } of series) await prepareSeriesMetadata(exchange, id);
}

/** The pipeline's sweeper: finds what got stuck, what was given up, and bytes that belong to nothing. */
export async function sweepIntake(exchange: Exchange): Promise<void> {
  await resumeStuck(exchange);
  await closeIdleDeviceUploads(exchange);
  await abandonOld(exchange);
  await removeLostBytes(exchange);
  await takeStock(exchange, shelfDue(exchange.now()));
  await forgetOldAttempts(exchange);
  await forgetOldEvents(exchange);
}

/** A blob or upload whose job was lost gets it again; both jobs do nothing when there is nothing to do. */
async function resumeStuck(exchange: Exchange): Promise<void> {
  const before = new Date(exchange.now().getTime() - 5 * 60_000);
  const blobs = await exchange.db
    .selectFrom('blob')
    .select('id')
    .where('state', '=', 'received')
    .where('receivedAt', '<', before)
    .execute();
  for (const { id } of blobs) await exchange.boss.send(INGEST_BLOB, { blobId: id });
  const uploads = await exchange.db
    .selectFrom('upload')
    .select('id')
    .where('state', '=', 'sent')
    .where('sentAt', '<', before)
    .execute();
  for (const { id } of uploads) await settleUpload(exchange, id);
}

async function closeIdleDeviceUploads(exchange: Exchange): Promise<void> {
  const before = new Date(exchange.now().getTime() - DEVICE_UPLOAD_IDLE_MINUTES * 60_000);
  // A large volume on a thin line says nothing to the books before its last byte.
  const broken = new Date(exchange.now().getTime() - BROKEN_OFF_AFTER_HOURS * 60 * 60_000);
  const idle = await exchange.db
    .selectFrom('upload')
    .select('id')
    .where('kind', '=', 'device')
    .where('state', '=', 'open')
    .where((eb) => eb(eb.fn.coalesce('lastByteAt', 'createdAt'), '<', before))
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('blob')
            .select('blob.id')
            .whereRef('blob.uploadId', '=', 'upload.id')
            .where('blob.state', '=', 'receiving')
            .where('blob.createdAt', '>', broken),
        ),
      ),
    )
    .execute();
  for (const { id } of idle) {
    await prepareMetadata(exchange, id);
    await transact(exchange, actor, async (trx, ledger) => {
      await closeUpload(trx, ledger, { uploadId: id, state: 'confirmed', at: exchange.now() });
      await tellUpload(trx, ledger, id);
    });
  }
}

async function abandonOld(exchange: Exchange): Promise<void> {
  const before = new Date(exchange.now().getTime() - ABANDONED_AFTER_DAYS * 24 * 60 * 60_000);
  const old = await exchange.db
    .selectFrom('upload')
    .select(['id', 'requestId'])
    .where('state', 'in', ['open', 'sent', 'arrived'])
    .where('kind', '<>', 'device')
    .where((eb) => eb(eb.fn.coalesce('lastByteAt', 'createdAt'), '<', before))
    .execute();
  for (const { id, requestId } of old) {
    if (await wroteSince(exchange, id, before)) continue;
    await transact(exchange, actor, async (trx, ledger) => {
      await closeUpload(trx, ledger, { uploadId: id, state: 'abandoned', at: exchange.now() });
      if (requestId) await reopenRequest(trx, ledger, requestId);
      await tellUpload(trx, ledger, id);
    });
  }
}

/** Whether bytes of a blob that is still coming have reached the disk: the books hear of it when it is complete. */
async function wroteSince(exchange: Exchange, uploadId: string, since: Date): Promise<boolean> {
  const coming = await exchange.db
    .selectFrom('blob')
    .select('id')
    .where('uploadId', '=', uploadId)
    .where('state', '=', 'receiving')
    .execute();
  for (const { id } of coming) {
    const written = await exchange.blobs.writtenAt(id);
    if (written && written >= since) return true;
  }
  return false;
}

/**
 * Bytes of withdrawn and abandoned uploads, and those that broke off under an upload that has ended without them,
 * unless an instance of somebody's record rests on them.
 */
async function removeLostBytes(exchange: Exchange): Promise<void> {
  const broken = new Date(exchange.now().getTime() - BROKEN_OFF_AFTER_HOURS * 60 * 60_000);
  const lost = await exchange.db
    .selectFrom('blob')
    .innerJoin('upload', 'upload.id', 'blob.uploadId')
    .select('blob.id')
    .where('blob.state', '<>', 'removed')
    .where((eb) =>
      eb.or([
        eb('upload.state', 'in', ['withdrawn', 'abandoned']),
        eb.and([
          eb('upload.state', '=', 'confirmed'),
          eb('blob.state', '=', 'receiving'),
          eb('blob.createdAt', '<', broken),
        ]),
      ]),
    )
    .where((eb) =>
      eb.not(
        eb.exists(
          eb.selectFrom('instance').select('instance.id').whereRef('instance.blobId', '=', 'blob.id'),
        ),
      ),
    )
    .execute();
  for (const { id } of lost) {
    // The row first: stocktaking finds a file that was left, and would report a row that was.
    await exchange.db.updateTable('blob').set({ state: 'removed' }).where('id', '=', id).execute();
    await exchange.blobs.remove(id);
  }
}
