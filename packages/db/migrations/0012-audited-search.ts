import { type Kysely, sql } from 'kysely';

/** Which session, or which machine on which day, has been written down as searching where. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table audited_search (
      session_hash bytea not null,
      facility_id uuid not null references facility,
      primary key (session_hash, facility_id)
    )`.execute(db);
}
