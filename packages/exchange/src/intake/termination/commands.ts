import { sql } from 'kysely';
import type { Granted } from '../../access/gate/schema.ts';
import { tellExams } from '../../archive/exams/commands.ts';
import { removeHeldInstances } from '../../archive/holding/commands.ts';
import type { Exchange } from '../../exchange.ts';
import { filesOfBlob } from '../../ingest/queries.ts';
import { type Ledger, type Trx, transact } from '../../transaction.ts';
import { INGEST_BLOB } from '../blobs/commands.ts';
import { SETTLE_UPLOAD, tellUpload } from '../commands.ts';
import type { UploadState } from '../schema.ts';

/** The bytes are part of somebody's record: who sent them cannot take them back. */
export class HandedOver extends Error {
  constructor() {
    super(
      'These files have been handed over and can no longer be taken back here. Ask the facility that received them.',
    );
    this.name = 'HandedOver';
  }
}

/**
 * Takes one blob back, whole or not, as long as nothing of it was handed over (tus termination; before Confirm): its
 * bytes, what the catalogue and the manifest made of them, and what they counted for. False when it is gone already.
 *
 * @throws HandedOver
 */
export async function terminateBlob(
  exchange: Exchange,
  granted: Granted<'upload:write'>,
  blobId: string,
): Promise<boolean> {
  const promised = await promisedBy(exchange, blobId);
  const removed = await transact(exchange, granted.actor, async (trx, ledger) => {
    // Held until commit: nobody confirms, and what a worker makes of the bytes meanwhile waits and is not written.
    const upload = await trx
      .selectFrom('upload')
      .select(['id', 'kind', 'state', 'facilityId'])
      .where('id', '=', granted.uploadId)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const blob = await trx
      .selectFrom('blob')
      .select(['state', 'size'])
      .where('id', '=', blobId)
      .where('uploadId', '=', upload.id)
      .where('state', '<>', 'removed')
      .executeTakeFirst();
    if (!blob) return false;
    if (isHandedOver(upload, blob)) throw new HandedOver();
    await trx.updateTable('blob').set({ state: 'removed' }).where('id', '=', blobId).execute();
    if (blob.state === 'receiving') return true;
    await forgetContent(trx, ledger, { upload, blobId, promised, size: blob.size ?? 0 });
    ledger.audit({
      facilityId: upload.facilityId,
      action: 'blob.terminated',
      subject: { kind: 'blob', id: blobId },
    });
    return true;
  });
  if (removed) await exchange.blobs.remove(blobId);
  return removed;
}

/** What a request brings is held until Confirm; what staff and devices bring is in the record once it is understood. */
function isHandedOver(
  upload: { kind: string; state: UploadState },
  blob: { state: 'receiving' | 'received' | 'ingested' | 'removed' },
): boolean {
  if (blob.state === 'receiving') return false;
  return upload.state === 'confirmed' || (upload.kind !== 'request' && blob.state === 'ingested');
}

interface Terminated {
  upload: { id: string; state: UploadState; facilityId: string };
  blobId: string;
  promised: readonly Buffer[];
  size: number;
}

async function forgetContent(trx: Trx, ledger: Ledger, { upload, ...blob }: Terminated): Promise<void> {
  const { instances, digests, studyInstanceUids } = await removeHeldInstances(trx, blob.blobId);
  await trx.deleteFrom('setAside').where('blobId', '=', blob.blobId).execute();
  if (instances > 0) await readOthersAgain(trx, ledger, upload.id);
  const gone = [...blob.promised, ...digests];
  if (gone.length > 0)
    await trx
      .deleteFrom('uploadFile')
      .where('uploadId', '=', upload.id)
      .where('sha256', 'in', gone)
      .execute();
  // What had arrived has to be made ready once more.
  const settling = upload.state === 'sent' || upload.state === 'arrived';
  await trx
    .updateTable('upload')
    .set({
      bytesReceived: sql`greatest(0, bytes_received - ${blob.size})`,
      instancesArrived: sql`greatest(0, instances_arrived - ${instances})`,
      ...(settling && { state: 'sent', arrivedAt: null }),
    })
    .where('id', '=', upload.id)
    .execute();
  if (settling) ledger.job(SETTLE_UPLOAD, { uploadId: upload.id });
  await tellExams(trx, ledger, {
    facilityId: upload.facilityId,
    studyInstanceUids,
    heldByUploadId: upload.id,
  });
  await tellUpload(trx, ledger, upload.id);
}

/** What was set aside because these images were there already may be all that is left of them: it is read once more. */
async function readOthersAgain(trx: Trx, ledger: Ledger, uploadId: string): Promise<void> {
  const others = await trx
    .deleteFrom('setAside')
    .where('uploadId', '=', uploadId)
    .where('reason', 'in', ['duplicate', 'conflict'])
    .returning('blobId')
    .execute();
  for (const blobId of new Set(others.map((other) => other.blobId))) {
    await trx
      .updateTable('blob')
      .set({ state: 'received', ingestedAt: null })
      .where('id', '=', blobId)
      .where('state', '=', 'ingested')
      .execute();
    ledger.job(INGEST_BLOB, { blobId });
  }
}

/** The digests of the files in a pack, as its sender wrote them; none of what is no pack or is gone. */
async function promisedBy(exchange: Exchange, blobId: string): Promise<Buffer[]> {
  const row = await exchange.db
    .selectFrom('blob')
    .innerJoin('upload', 'upload.id', 'blob.uploadId')
    .select(['blob.id', 'blob.uploadId', 'upload.facilityId', 'upload.kind as uploadKind', 'blob.metadata'])
    .where('blob.id', '=', blobId)
    .where('blob.state', 'in', ['received', 'ingested'])
    .executeTakeFirst();
  if (!row || (await exchange.blobs.writtenAt(blobId)) === null) return [];
  await using handle = await exchange.blobs.open(blobId);
  const files = (await filesOfBlob(handle, row)) ?? [];
  return files.flatMap(({ promised }) => (promised ? [Buffer.from(promised, 'hex')] : []));
}
