import { createHash } from 'node:crypto';
import type { Exchange } from '../../exchange.ts';
import { transact } from '../../transaction.ts';
import type { Reading } from './queries.ts';

/** A viewer asks for one study in hundreds of requests; the log wants the act once a session, a machine's once a day. */
const REMEMBERED = 20_000;
const seen = new Set<string>();

/**
 * Writes down that this reader looked at this study, before the first byte leaves. The table decides whether it was
 * written already; the process only remembers its answer.
 */
export async function auditView(exchange: Exchange, granted: Reading, studyId: string): Promise<void> {
  const { kind, id } = granted.actor;
  const mark = `${granted.sessionHash?.toString('base64') ?? `${kind} ${id} ${dayOf(exchange)}`} ${studyId}`;
  if (seen.has(mark)) return;
  const session = granted.sessionHash ?? machineDay(exchange, granted);
  await transact(exchange, granted.actor, async (trx, ledger) => {
    const row = await trx
      .insertInto('auditedView')
      .values({ sessionHash: session, studyId })
      .onConflict((conflict) => conflict.doNothing())
      .returning('studyId')
      .executeTakeFirst();
    if (!row) return;
    const share = 'shareId' in granted ? { shareId: granted.shareId } : {};
    ledger.audit({
      facilityId: granted.facilityId,
      action: 'study.viewed',
      subject: { kind: 'study', id: studyId },
      detail: share,
    });
  });
  if (seen.size >= REMEMBERED) seen.clear();
  seen.add(mark);
}

function machineDay(exchange: Exchange, granted: Reading): Buffer {
  const { kind, id } = granted.actor;
  return createHash('sha256')
    .update(`${kind} ${id} ${dayOf(exchange)}`)
    .digest();
}

function dayOf(exchange: Exchange): string {
  return exchange.now().toISOString().slice(0, 10);
}
