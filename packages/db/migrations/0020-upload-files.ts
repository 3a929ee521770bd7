import { type Kysely, sql } from 'kysely';

/**
 * The manifest of an upload, file by file: what its senders read on their discs, and whether it lies on our disk as they
 * read it. The index finds an image in a facility's record by its content.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table upload_file (
      upload_id uuid not null references upload on delete cascade,
      sha256 bytea not null check (length(sha256) = 32),
      size bigint not null,
      state text not null check (state in ('announced', 'verified')),
      primary key (upload_id, sha256)
    )`.execute(db);
  await sql`create index upload_file_announced on upload_file (upload_id) where state = 'announced'`.execute(
    db,
  );
  await sql`create index instance_content on instance (sha256)`.execute(db);
}
