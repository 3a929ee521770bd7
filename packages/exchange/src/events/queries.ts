import type { Exchange } from '../exchange.ts';
import type { RecordedEvent, Topic } from './schema.ts';

/** The newest sequence number of a topic, 0 when nothing has happened yet. */
export async function latestSequence(exchange: Exchange, topic: Topic): Promise<number> {
  const row = await exchange.db
    .selectFrom('event')
    .select((eb) => eb.fn.max('sequence').as('sequence'))
    .where('topic', '=', topic)
    .executeTakeFirst();
  return row?.sequence ?? 0;
}

/** Events of a topic after `after`, oldest first, at most `limit`. */
export async function eventsAfter(
  exchange: Exchange,
  topic: Topic,
  { after, limit = 500 }: { after: number; limit?: number },
): Promise<RecordedEvent[]> {
  const rows = await exchange.db
    .selectFrom('event')
    .select(['sequence', 'topic', 'kind', 'payload', 'at'])
    .where('topic', '=', topic)
    .where('sequence', '>', after)
    .orderBy('sequence')
    .limit(limit)
    .execute();
  // Rows were written by writeEvents from the same union; the database keeps no types for jsonb.
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }) as RecordedEvent);
}
