import { sql } from 'kysely';
import type { Exchange } from '../exchange.ts';
import type { Trx } from '../transaction.ts';
import { FORGOTTEN_AFTER_DAYS } from './rules.ts';
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

const MOST_AT_ONCE = 10_000;

/**
 * Removes old events of uploads, requests and shares that have ended: nobody follows them any more, and audit tells
 * their story. A facility's own topic does not end.
 */
export async function forgetOldEvents(exchange: Exchange): Promise<void> {
  const now = exchange.now();
  const before = new Date(now.getTime() - FORGOTTEN_AFTER_DAYS * 24 * 60 * 60_000);
  await sql`
    delete from event where sequence in (
      select sequence from event
      where at < ${before} and topic not like 'facility:%' and case split_part(topic, ':', 1)
        when 'upload' then exists (
          select from upload where id = split_part(topic, ':', 2)::uuid and closed_at is not null)
        when 'request' then exists (
          select from request where id = split_part(topic, ':', 2)::uuid and closed_at is not null)
        when 'share' then exists (
          select from share where id = split_part(topic, ':', 2)::uuid
            and (revoked_at is not null or expires_at < ${now}))
        else false end
      limit ${MOST_AT_ONCE})`.execute(exchange.db);
}
