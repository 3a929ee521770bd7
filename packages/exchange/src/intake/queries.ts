import type { Db } from '@filmpost/db/client.ts';
import { type Transaction, sql } from 'kysely';
import type { Database } from '@filmpost/db/client.ts';
import type { Granted } from '../access/gate/schema.ts';
import type { Exchange } from '../exchange.ts';
import type { StoredPack, UploadProgress } from './schema.ts';

type Reader = Db | Transaction<Database>;

/** Progress of uploads, newest first. Counts come from what is stored, not from what was promised. */
export function progressOf(db: Reader) {
  return db
    .selectFrom('upload as u')
    .select([
      'u.id',
      'u.kind',
      'u.requestId',
      'u.state',
      'u.filesChosen',
      'u.filesToSend',
      'u.bytesToSend',
      'u.leftOut',
      'u.listedMissing',
      'u.createdAt',
      'u.firstByteAt',
      'u.lastByteAt',
      'u.sentAt',
      'u.arrivedAt',
      'u.closedAt',
      'u.bytesReceived',
      'u.instancesArrived',
      sql<{ reason: string; files: number }[]>`(
        select coalesce(jsonb_agg(jsonb_build_object('reason', reason, 'files', files) order by reason), '[]')
        from (select reason, count(*) as files from set_aside where upload_id = u.id group by reason) r)`.as(
        'setAside',
      ),
    ])
    .orderBy('u.createdAt', 'desc');
}

type ProgressRow = Awaited<ReturnType<ReturnType<typeof progressOf>['execute']>>[number];

export function asProgress(row: ProgressRow): UploadProgress {
  const { id, createdAt, firstByteAt, lastByteAt, sentAt, arrivedAt, closedAt, ...counts } = row;
  return {
    ...counts,
    uploadId: id,
    createdAt: createdAt.toISOString(),
    firstByteAt: firstByteAt?.toISOString() ?? null,
    lastByteAt: lastByteAt?.toISOString() ?? null,
    sentAt: sentAt?.toISOString() ?? null,
    arrivedAt: arrivedAt?.toISOString() ?? null,
    closedAt: closedAt?.toISOString() ?? null,
  };
}

/** One upload's progress within a transaction or outside; the caller holds the right to it. */
export async function progressWithin(db: Reader, uploadId: string): Promise<UploadProgress> {
  return asProgress(await progressOf(db).where('u.id', '=', uploadId).executeTakeFirstOrThrow());
}

export function uploadProgress(
  exchange: Exchange,
  granted: Granted<'upload:watch'> | Granted<'upload:read'> | Granted<'upload:write'>,
): Promise<UploadProgress> {
  return progressWithin(exchange.db, granted.uploadId);
}

export async function listUploads(
  exchange: Exchange,
  granted: Granted<'facility:work'>,
  limit = 200,
): Promise<UploadProgress[]> {
  const rows = await progressOf(exchange.db)
    .where('u.facilityId', '=', granted.facilityId)
    .limit(limit)
    .execute();
  return rows.map(asProgress);
}

/** All uploads of all facilities, for the operator's command line. */
export async function listEveryUpload(
  exchange: Exchange,
  _granted: Granted<'exchange:operate'>,
): Promise<UploadProgress[]> {
  return (await progressOf(exchange.db).execute()).map(asProgress);
}

export async function uploadsOfRequest(
  exchange: Exchange,
  granted: Granted<'request:watch'> | Granted<'request:fulfil'>,
): Promise<UploadProgress[]> {
  const rows = await progressOf(exchange.db).where('u.requestId', '=', granted.requestId).execute();
  return rows.map(asProgress);
}

/** What of this upload is stored already, so that the same disc continues from any browser. */
export async function storedPacks(
  exchange: Exchange,
  granted: Granted<'upload:write'>,
): Promise<StoredPack[]> {
  const rows = await exchange.db
    .selectFrom('blob')
    .select(['contentKey', 'id', 'size', 'state'])
    .where('uploadId', '=', granted.uploadId)
    .where('contentKey', 'is not', null)
    .where('state', '<>', 'removed')
    .execute();
  return rows.map((row) => ({
    contentKey: row.contentKey ?? '',
    blobId: row.id,
    size: row.size ?? 0,
    complete: row.state !== 'receiving',
    understood: row.state === 'ingested',
  }));
}

/** The rolling upload of a device, if one is open. */
export function openDeviceUpload(db: Reader, deviceId: string): Promise<{ id: string } | undefined> {
  return db
    .selectFrom('upload')
    .select('id')
    .where('deviceId', '=', deviceId)
    .where('kind', '=', 'device')
    .where('state', '=', 'open')
    .executeTakeFirst();
}

/** Names and reasons of what did not become part of an exam. Names of files are often the patient's. */
export async function setAsideFiles(exchange: Exchange, granted: Granted<'upload:read'>) {
  return exchange.db
    .selectFrom('setAside')
    .select(['name', 'reason', 'detail', 'byteLength as size'])
    .where('uploadId', '=', granted.uploadId)
    .orderBy('id')
    .limit(1000)
    .execute();
}
