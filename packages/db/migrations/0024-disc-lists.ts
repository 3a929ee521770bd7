import { type Kysely, sql } from 'kysely';

/** What a disc's own list names and nobody chose: a count, which tells nothing of the patient. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table upload add column listed_missing int not null default 0`.execute(db);
}
