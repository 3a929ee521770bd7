import { sql } from 'kysely';
import type { Trx } from '../../transaction.ts';

/** Minutes for which a success still vouches for its address. */
const TRUST_MINUTES = 24 * 60;

interface Asked {
  bucket: string;
  now: Date;
  minutes: number;
}

/**
 * Failures within the last `minutes` and successes within a day, for one bucket. Holds the bucket until the
 * transaction ends, so that parallel tries are counted one after the other.
 */
export async function recentAttempts(
  trx: Trx,
  { bucket, now, minutes }: Asked,
): Promise<{ failures: number; successes: number }> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${bucket}, 3))`.execute(trx);
  const since = new Date(now.getTime() - minutes * 60_000);
  const trustedSince = new Date(now.getTime() - TRUST_MINUTES * 60_000);
  const row = await trx
    .selectFrom('attempt')
    .select([
      sql<number>`count(*) filter (where not succeeded and at > ${since})`.as('failures'),
      sql<number>`count(*) filter (where succeeded)`.as('successes'),
    ])
    .where('bucket', '=', bucket)
    .where('at', '>', trustedSince)
    .executeTakeFirstOrThrow();
  return row;
}
