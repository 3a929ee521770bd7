import type { Db } from '@filmpost/db/client.ts';
import type { Trx } from '../../transaction.ts';
import type { RequestState } from '../schema.ts';
import type { Decline } from './schema.ts';

/** The last decline of each of these requests that stands declined, by request. */
export async function standingDeclines(
  db: Db | Trx,
  requests: readonly { requestId: string; state: RequestState }[],
): Promise<Map<string, Decline>> {
  const declined = requests.filter(({ state }) => state === 'declined').map(({ requestId }) => requestId);
  if (declined.length === 0) return new Map();
  const rows = await db
    .selectFrom('requestDecline')
    .distinctOn('requestId')
    .select(['requestId', 'reason', 'words', 'name', 'site', 'phone', 'at'])
    .where('requestId', 'in', declined)
    .orderBy('requestId')
    .orderBy('at', 'desc')
    .execute();
  return new Map(rows.map(({ requestId, at, ...row }) => [requestId, { ...row, at: at.toISOString() }]));
}

export async function wasDeclined(trx: Trx, requestId: string): Promise<boolean> {
  const row = await trx
    .selectFrom('requestDecline')
    .select('id')
    .where('requestId', '=', requestId)
    .executeTakeFirst();
  return row !== undefined;
}
