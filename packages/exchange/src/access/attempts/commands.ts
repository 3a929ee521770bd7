import type { Trx } from '../../transaction.ts';

/** Counts one try towards its bucket, in the transaction that found out how it went. */
export async function recordAttempt(
  trx: Trx,
  { bucket, now, succeeded }: { bucket: string; now: Date; succeeded: boolean },
): Promise<void> {
  await trx.insertInto('attempt').values({ bucket, at: now, succeeded }).execute();
}
