import { type Kysely, sql } from 'kysely';

/** Of empty files one after the other all begin at the same byte: their names tell them apart. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table set_aside drop constraint set_aside_blob_id_byte_offset_byte_length_key`.execute(db);
  // By digest: a name may be longer than what a btree takes.
  await sql`
    create unique index set_aside_once on set_aside (blob_id, byte_offset, byte_length, md5(name))`.execute(
    db,
  );
}
