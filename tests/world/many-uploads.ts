import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { sql } from 'kysely';
import type { Facility } from './facility.ts';

/**
 * Past uploads of a facility, one an hour back from now, written straight into the books: their bytes never were.
 * Every third is a CT of somebody, every third an MR, every third an ultrasound; patients are numbered.
 */
export async function manyUploads(exchange: Exchange, { id }: Facility, count: number): Promise<void> {
  await sql`
    with made as (
      insert into upload (facility_id, kind, opened_by, state, files_chosen, files_to_send, bytes_to_send,
        created_at, first_byte_at, last_byte_at, sent_at, arrived_at, closed_at, bytes_received, instances_arrived)
      select ${id}::uuid, 'staff', 'staff nobody', 'confirmed', 120, 100, 52428800,
        at, at + interval '1 minute', at + interval '2 minutes', at + interval '2 minutes',
        at + interval '3 minutes', at + interval '3 minutes', 52428800, 100
      from (select now() - n * interval '1 hour' as at from generate_series(1, ${count}) n) hours
      returning id, created_at
    ), numbered as (select id, row_number() over (order by created_at desc) as n from made)
    insert into upload_exam
    select id, '2.25.' || n, 'Patient^Number ' || n, 'patient number ' || n, array[(array['CT', 'MR', 'US'])[n % 3 + 1]]
    from numbered`.execute(exchange.db);
}
