import { sql } from 'kysely';
import type { Actor } from '../access/gate/schema.ts';
import type { Trx } from '../transaction.ts';
import { GENESIS, chained } from './rules.ts';
import type { AuditDraft } from './schema.ts';

/** Appends to the hash chain. Called by `transact` only; the lock orders all writers of the chain until they commit. */
export async function writeAudit(
  trx: Trx,
  { actor, at, entries }: { actor: Actor; at: Date; entries: readonly AuditDraft[] },
): Promise<void> {
  if (entries.length === 0) return;
  await sql`select pg_advisory_xact_lock(hashtextextended('audit', 2))`.execute(trx);
  const last = await trx
    .selectFrom('auditEntry')
    .select('hash')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  let previousHash = last?.hash ?? GENESIS;
  const links = entries.map((entry) => {
    const row = {
      at,
      facilityId: entry.facilityId,
      actorKind: actor.kind,
      actorId: actor.id,
      action: entry.action,
      outcome: entry.outcome ?? 'success',
      subjectKind: entry.subject.kind,
      subjectId: entry.subject.id,
      detail: JSON.stringify(entry.detail ?? {}),
      address: actor.address,
    } as const;
    const hash = chained(previousHash, row);
    const link = { ...row, previousHash, hash };
    previousHash = hash;
    return link;
  });
  // In one statement, because all others who write wait meanwhile. Ids are drawn in the order of the rows.
  await trx.insertInto('auditEntry').values(links).execute();
}
