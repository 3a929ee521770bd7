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
  for (const entry of entries) {
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
    await trx
      .insertInto('auditEntry')
      .values({ ...row, previousHash, hash })
      .execute();
    previousHash = hash;
  }
}
