import { type Kysely, sql } from 'kysely';

/**
 * What leaves differs from what came where a preamble could be run or opened as something else, or where file meta
 * information is missing (threats T4): served_head then takes the place of the first served_skip bytes, and the
 * digests of the whole as it is served stand beside those of the bytes as received. preamble is null for instances
 * that were taken before anybody looked.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table instance
      add column preamble text check (preamble in ('zero', 'tiff', 'other', 'none')),
      add column served_head bytea,
      add column served_skip int not null default 0,
      add column served_sha256 bytea,
      add column served_crc32 bigint`.execute(db);
}
