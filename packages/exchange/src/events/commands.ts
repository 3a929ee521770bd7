import { sql } from 'kysely';
import type { Trx } from '../transaction.ts';
import type { EventDraft } from './schema.ts';

/** NOTIFY channel of new events; its payload is `<topic> <sequence>`, a hint and never a patient's datum. */
export const EVENT_CHANNEL = 'filmpost_event';

/**
 * Appends events, in topic order so that two writers of the same topics never wait for each other in a ring.
 * Called by `transact` only, as the last step before commit: see there why.
 */
export async function writeEvents(trx: Trx, drafts: readonly EventDraft[]): Promise<void> {
  const topics = [...new Set(drafts.map((draft) => draft.topic))].sort();
  for (const topic of topics) {
    await sql`select pg_advisory_xact_lock(hashtextextended(${topic}, 1))`.execute(trx);
    const mine = drafts.filter((draft) => draft.topic === topic);
    const rows = await trx
      .insertInto('event')
      .values(mine.map(({ kind, payload }) => ({ topic, kind, payload: JSON.stringify(payload) })))
      .returning('sequence')
      .execute();
    await sql`select pg_notify(${EVENT_CHANNEL}, ${`${topic} ${rows.at(-1)?.sequence}`})`.execute(trx);
  }
}
