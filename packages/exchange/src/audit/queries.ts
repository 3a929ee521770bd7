import type { Granted } from '../access/gate/schema.ts';
import type { Exchange } from '../exchange.ts';
import { GENESIS, chained } from './rules.ts';

/** Walks the whole chain; names the first entry that does not follow from its predecessor, if any. */
export async function verifyAudit(
  exchange: Exchange,
  _granted: Granted<'exchange:operate'>,
): Promise<{ entries: number; brokenAt: number | null }> {
  let previous = GENESIS;
  let entries = 0;
  let after = 0;
  for (;;) {
    const rows = await exchange.db
      .selectFrom('auditEntry')
      .selectAll()
      .where('id', '>', after)
      .orderBy('id')
      .limit(1000)
      .execute();
    for (const row of rows) {
      const expected = chained(previous, { ...row, detail: JSON.stringify(row.detail) });
      if (!row.previousHash.equals(previous) || !row.hash.equals(expected))
        return { entries, brokenAt: row.id };
      previous = row.hash;
      after = row.id;
      entries++;
    }
    if (rows.length < 1000) return { entries, brokenAt: null };
  }
}
