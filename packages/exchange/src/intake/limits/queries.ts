import type { Db } from '@filmpost/db/client.ts';
import type { Exchange } from '../../exchange.ts';
import type { Trx } from '../../transaction.ts';
import {
  DISK_FULL,
  FACILITY_FULL,
  beyondOneUpload,
  holds,
  isBeyondQuota,
  isOpen,
  isUnderWay,
} from './rules.ts';
import { NoRoom, type Running, type Taken, TooMuch } from './schema.ts';

/** @throws NoRoom while the disk is above its high-water mark */
export async function diskTakesUploads(exchange: Exchange): Promise<void> {
  if (!isOpen(await exchange.blobs.disk(), exchange.limits)) throw new NoRoom(DISK_FULL);
}

/**
 * Whether bytes may begin to come: while there is room, and for what is under way also above the high-water mark.
 * @throws NoRoom
 */
export async function diskTakesBlob(
  exchange: Exchange,
  { running, size }: { running: Running; size: number },
): Promise<void> {
  const disk = await exchange.blobs.disk();
  const open = isOpen(disk, exchange.limits) || isUnderWay(running);
  if (!open || !holds(disk, exchange.limits, size)) throw new NoRoom(DISK_FULL);
}

/** Asked before each write: what runs may use what others must leave, down to the reserve. @throws NoRoom */
export async function diskTakesBytes(exchange: Exchange, bytes: number): Promise<void> {
  if (!holds(await exchange.blobs.disk(), exchange.limits, bytes)) throw new NoRoom(DISK_FULL);
}

/** @throws NoRoom when the facility has as much as it may have, or more */
export async function facilityTakesUploads(db: Db | Trx, facilityId: string): Promise<void> {
  const row = await db
    .selectFrom('facilityStorage')
    .select(['takenBytes', 'quotaBytes'])
    .where('facilityId', '=', facilityId)
    .executeTakeFirst();
  if (row && isBeyondQuota({ facilityBytes: row.takenBytes + 1, quotaBytes: row.quotaBytes })) {
    throw new NoRoom(FACILITY_FULL);
  }
}

/**
 * Looks at the books after a blob was written into them, in the same transaction: two that come together cannot both
 * fit into the last room, since the first holds the rows until it is done.
 * @throws TooMuch @throws NoRoom
 */
export async function withinLimits(
  exchange: Exchange,
  trx: Trx,
  { uploadId, size }: { uploadId: string; size: number | null },
): Promise<void> {
  const taken: Taken = await trx
    .selectFrom('upload')
    .innerJoin('facilityStorage', 'facilityStorage.facilityId', 'upload.facilityId')
    .select([
      'upload.kind',
      'upload.takenBytes',
      'upload.takenBlobs',
      'upload.instancesArrived',
      'facilityStorage.takenBytes as facilityBytes',
      'facilityStorage.quotaBytes',
    ])
    .where('upload.id', '=', uploadId)
    .executeTakeFirstOrThrow();
  const sentence = beyondOneUpload(taken, exchange.limits);
  if (sentence) throw new TooMuch(sentence);
  // Of what does not say how large it is, one byte is certain.
  const facilityBytes = taken.facilityBytes + (size === null ? 1 : 0);
  if (isBeyondQuota({ ...taken, facilityBytes })) throw new NoRoom(FACILITY_FULL);
}
