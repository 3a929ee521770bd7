import { type Kysely, sql } from 'kysely';

/** Facilities, the people and machines that work for them, and what each visitor's session may rest on. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create extension if not exists pg_trgm`.execute(db);
  await sql`
    create table facility (
      id uuid primary key default gen_random_uuid(),
      slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{1,39}$'),
      name text not null,
      timezone text not null default 'UTC',
      contact_phone text,
      contact_email text,
      created_at timestamptz not null default now()
    )`.execute(db);
  await sql`
    create table staff_member (
      facility_id uuid not null references facility,
      user_id text not null,
      role text not null check (role in ('clerk', 'administrator')),
      created_at timestamptz not null default now(),
      disabled_at timestamptz,
      primary key (facility_id, user_id)
    )`.execute(db);
  await sql`create index staff_member_user on staff_member (user_id)`.execute(db);
  await sql`
    create table device (
      id uuid primary key default gen_random_uuid(),
      facility_id uuid not null references facility,
      name text not null,
      key_hash bytea not null unique,
      created_at timestamptz not null default now(),
      revoked_at timestamptz
    )`.execute(db);
}
