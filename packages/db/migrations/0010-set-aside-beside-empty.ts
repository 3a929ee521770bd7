import { type Kysely, sql } from 'kysely';

/** An empty file of a pack begins where the next one does: both are worth a word. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table set_aside
      drop constraint set_aside_blob_id_byte_offset_key,
      add unique (blob_id, byte_offset, byte_length)`.execute(db);
}
