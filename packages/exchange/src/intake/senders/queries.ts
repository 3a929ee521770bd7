import type { Granted } from '../../access/gate/schema.ts';
import type { Exchange } from '../../exchange.ts';
import type { Sender } from './schema.ts';

/** Who brought an upload, in their own words, first to last; for the facility's staff, never for another sender. */
export async function sendersOf(exchange: Exchange, granted: Granted<'upload:read'>): Promise<Sender[]> {
  const rows = await exchange.db
    .selectFrom('uploadSender')
    .select(['name', 'site', 'phone', 'at'])
    .where('uploadId', '=', granted.uploadId)
    .orderBy('at')
    .limit(100)
    .execute();
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}
