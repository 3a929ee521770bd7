import { type Kysely, sql } from 'kysely';

/** Who declined a request, when and why, in their own words. A request that is declined again keeps each. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table request_decline (
      id uuid primary key default gen_random_uuid(),
      request_id uuid not null references request,
      reason text not null
        check (reason in ('no-images', 'elsewhere', 'not-kept', 'no-authorization', 'other')),
      words text not null,
      name text not null,
      site text not null,
      phone text not null,
      at timestamptz not null
    )`.execute(db);
  await sql`create index request_decline_request on request_decline (request_id, at desc)`.execute(db);
}
