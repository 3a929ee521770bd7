import type { Exchange } from '../../exchange.ts';
import { CannotBeDone } from '../../facilities/commands.ts';
import type { Trx } from '../../transaction.ts';
import { diskTakesUploads, facilityTakesUploads } from './queries.ts';
import { NEW_UPLOADS_PER_HOUR, beyondOneUpload, isUnderWay } from './rules.ts';
import { type Running, type Taken, TooMuch } from './schema.ts';

/**
 * Whether another upload may begin: on this disk, for this facility, and under this request.
 * @throws NoRoom
 * @throws CannotBeDone for a PIN with which uploads are begun again and again
 */
export async function mayBegin(
  exchange: Exchange,
  trx: Trx,
  { facilityId, requestId }: { facilityId: string; requestId?: string | undefined },
): Promise<void> {
  await diskTakesUploads(exchange);
  await facilityTakesUploads(trx, facilityId);
  if (requestId === undefined) return;
  const begun = await trx
    .selectFrom('upload')
    .select('id')
    .where('requestId', '=', requestId)
    .where('createdAt', '>', new Date(exchange.now().getTime() - 60 * 60_000))
    .limit(NEW_UPLOADS_PER_HOUR)
    .execute();
  if (begun.length >= NEW_UPLOADS_PER_HOUR) {
    throw new CannotBeDone('Many uploads were begun with this PIN within the hour. Please try again later.');
  }
}

/** Whether an upload may bring what its browser says it will. @throws TooMuch @throws NoRoom */
export async function announcementFits(
  exchange: Exchange,
  upload: Running & Pick<Taken, 'kind' | 'instancesArrived'>,
  totals: { bytesToSend: number; filesToSend: number },
): Promise<void> {
  const announced = { ...upload, takenBytes: totals.bytesToSend, takenBlobs: totals.filesToSend };
  const sentence = beyondOneUpload(announced, exchange.limits);
  if (sentence) throw new TooMuch(sentence);
  const grows = totals.bytesToSend > upload.bytesToSend;
  if (!isUnderWay(upload) || grows) await diskTakesUploads(exchange);
}
