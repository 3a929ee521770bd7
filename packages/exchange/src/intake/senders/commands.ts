import type { Granted } from '../../access/gate/schema.ts';
import type { Exchange } from '../../exchange.ts';
import type { Ledger, Trx } from '../../transaction.ts';
import { type StatedSender, statedSender } from './schema.ts';

/** Keeps who somebody with a PIN says to be (threats T2). Whoever says otherwise later is kept as well. */
export async function stateSender(
  exchange: Exchange,
  { trx, ledger }: { trx: Trx; ledger: Ledger },
  {
    granted,
    uploadId,
    sender,
  }: { granted: Granted<'request:fulfil'>; uploadId: string; sender: StatedSender },
): Promise<void> {
  const stated = statedSender.parse(sender);
  if (!stated.name && !stated.site && !stated.phone) return;
  const last = await trx
    .selectFrom('uploadSender')
    .select(['name', 'site', 'phone'])
    .where('uploadId', '=', uploadId)
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst();
  // A page says it with every try.
  if (last && last.name === stated.name && last.site === stated.site && last.phone === stated.phone) return;
  const { id } = await trx
    .insertInto('uploadSender')
    .values({ ...stated, uploadId, at: exchange.now() })
    .returning('id')
    .executeTakeFirstOrThrow();
  ledger.audit({
    facilityId: granted.facilityId,
    action: 'sender.stated',
    subject: { kind: 'upload', id: uploadId },
    detail: { senderId: id },
  });
}
