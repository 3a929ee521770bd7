import type { Granted } from '../../access/gate/schema.ts';
import type { Exchange } from '../../exchange.ts';
import { CannotBeDone } from '../../facilities/commands.ts';
import { transact } from '../../transaction.ts';
import { moveRequest } from '../commands.ts';
import { whyNotDecline } from './rules.ts';
import { type NewDecline, newDecline } from './schema.ts';

/**
 * The outside clinic does not have what is asked for. Whoever asked is told; the PIN goes on working, should the images
 * be found after all (X21). Pressing twice changes nothing: the first decline stands until something is sent.
 *
 * @throws CannotBeDone while images are on their way, and after some were handed over
 */
export async function declineRequest(
  exchange: Exchange,
  granted: Granted<'request:fulfil'>,
  input: NewDecline,
): Promise<void> {
  const said = newDecline.parse(input);
  if (said.reason === 'other' && !said.words)
    throw new CannotBeDone('Say in a few words why you decline, so that whoever asked knows what to do.');
  const { requestId } = granted;
  await transact(exchange, granted.actor, async (trx, ledger) => {
    const { state } = await trx
      .selectFrom('request')
      .select('state')
      .where('id', '=', requestId)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const refusal = whyNotDecline(state);
    if (refusal) throw new CannotBeDone(refusal);
    if (state === 'declined') return;
    const { id } = await trx
      .insertInto('requestDecline')
      .values({ ...said, requestId, at: exchange.now() })
      .returning('id')
      .executeTakeFirstOrThrow();
    await moveRequest(trx, ledger, { requestId, to: 'declined' });
    ledger.audit({
      facilityId: granted.facilityId,
      action: 'request.declined',
      subject: { kind: 'request', id: requestId },
      detail: { reason: said.reason, declineId: id },
    });
  });
}
