import { type Kysely, sql } from 'kysely';

/** Keys by which a PACS pulls the exams of one share: shown once, short-lived, kept as a digest. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table share_key (
      id uuid primary key default gen_random_uuid(),
      share_id uuid not null references share,
      key_hash bytea not null unique,
      created_by text not null,
      created_at timestamptz not null,
      expires_at timestamptz not null,
      last_used_at timestamptz,
      revoked_at timestamptz,
      check (expires_at <= created_at + interval '24 hours')
    )`.execute(db);
  await sql`create index share_key_share on share_key (share_id, created_at)`.execute(db);
}
