import type { Exchange } from '../../exchange.ts';
import type { Trx } from '../../transaction.ts';
import { FORGOTTEN_AFTER_DAYS } from './rules.ts';

/** Counts one try towards its bucket, in the transaction that found out how it went. */
export async function recordAttempt(
  trx: Trx,
  { bucket, now, succeeded }: { bucket: string; now: Date; succeeded: boolean },
): Promise<void> {
  await trx.insertInto('attempt').values({ bucket, at: now, succeeded }).execute();
}

/** Removes tries that no bucket looks at any more. They name addresses, and are kept no longer than they are needed. */
export async function forgetOldAttempts(exchange: Exchange): Promise<void> {
  const before = new Date(exchange.now().getTime() - FORGOTTEN_AFTER_DAYS * 24 * 60 * 60_000);
  await exchange.db.deleteFrom('attempt').where('at', '<', before).execute();
}
