import type { Granted } from '../../access/gate/schema.ts';
import type { Exchange } from '../../exchange.ts';
import { SWEEP_INTAKE, closeUpload, tellUpload } from '../../intake/commands.ts';
import { transact } from '../../transaction.ts';
import { moveRequest } from '../commands.ts';

/**
 * Withdraws a request: its PIN is refused from now on, and what was under way for it, received or not, is taken back;
 * its bytes go with the sweeper that is sent for. What was confirmed before stays the facility's.
 */
export async function cancelRequest(exchange: Exchange, granted: Granted<'request:watch'>): Promise<void> {
  await transact(exchange, granted.actor, async (trx, ledger) => {
    const at = exchange.now();
    await moveRequest(trx, ledger, { requestId: granted.requestId, to: 'cancelled', at });
    const underWay = await trx
      .selectFrom('upload')
      .select('id')
      .where('requestId', '=', granted.requestId)
      .where('state', 'in', ['open', 'sent', 'arrived'])
      .forUpdate()
      .execute();
    for (const { id } of underWay) {
      await closeUpload(trx, ledger, { uploadId: id, state: 'withdrawn', at });
      await tellUpload(trx, ledger, id);
    }
    if (underWay.length > 0) ledger.job(SWEEP_INTAKE, {});
    ledger.audit({
      facilityId: granted.facilityId,
      action: 'request.cancelled',
      subject: { kind: 'request', id: granted.requestId },
    });
  });
}
