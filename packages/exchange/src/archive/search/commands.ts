import { createHash } from 'node:crypto';
import type { Exchange } from '../../exchange.ts';
import { transact } from '../../transaction.ts';
import type { Reading } from '../reading/queries.ts';

/** Readers search again and again; the log wants the act once a session, a machine's once a day. */
const REMEMBERED = 20_000;
const written = new Set<string>();

/**
 * Writes down that this reader searches, before the first result leaves. The table decides whether it was written
 * already; the process only remembers its answer.
 */
export async function auditSearch(exchange: Exchange, granted: Reading): Promise<void> {
  const { actor, sessionHash, facilityId } = granted;
  const share = 'shareId' in granted ? granted.shareId : null;
  const when = sessionHash ? sessionHash.toString('base64') : exchange.now().toISOString().slice(0, 10);
  const who = [actor.kind, actor.id, when, facilityId, share].join(' ');
  if (written.has(who)) return;
  await transact(exchange, actor, async (trx, ledger) => {
    const row = await trx
      .insertInto('auditedSearch')
      .values({ sessionHash: createHash('sha256').update(who).digest(), facilityId })
      .onConflict((conflict) => conflict.doNothing())
      .returning('facilityId')
      .executeTakeFirst();
    if (!row) return;
    const subject = share ? { kind: 'share', id: share } : { kind: 'facility', id: facilityId };
    ledger.audit({ facilityId, action: 'study.searched', subject });
  });
  if (written.size >= REMEMBERED) written.clear();
  written.add(who);
}
