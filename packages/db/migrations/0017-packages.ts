import { type Kysely, sql } from 'kysely';

/**
 * A package is a plan: where each byte of a download comes from, never the images' bytes themselves. Its parts are
 * stretches of the whole, each with the made-up bytes in it (headers, directories, texts) and the pieces in order:
 * 18 bytes a piece, instance (0 for made-up bytes), offset and length. content_key is a digest of all that goes in, so
 * that the same wish finds the same plan. share_id is null for what a facility's own staff takes.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table package (
      id uuid primary key default gen_random_uuid(),
      facility_id uuid not null references facility,
      share_id uuid references share on delete cascade,
      content_key bytea not null unique,
      kind text not null check (kind in ('zip', 'iso')),
      viewer boolean not null,
      state text not null default 'planning' check (state in ('planning', 'ready', 'failed')),
      study_ids uuid[] not null,
      instances int not null,
      planned int not null default 0,
      instance_ids bigint[] not null default '{}',
      size bigint,
      largest bigint not null default 0,
      asked_at timestamptz not null,
      fetched_at timestamptz
    )`.execute(db);
  await sql`create index package_share on package (share_id) where share_id is not null`.execute(db);
  await sql`
    create table package_part (
      package_id uuid not null references package on delete cascade,
      starts_at bigint not null,
      pieces bytea not null,
      bytes bytea not null,
      primary key (package_id, starts_at)
    )`.execute(db);
  await sql`
    create table package_fetch (
      package_id uuid not null references package on delete cascade,
      fetcher text not null,
      primary key (package_id, fetcher)
    )`.execute(db);
}
