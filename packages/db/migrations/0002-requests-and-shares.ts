import { type Kysely, sql } from 'kysely';

/** Record Retrieval, shares, and the sessions of visitors who have no account (PIN or security code). */
export async function up(db: Kysely<unknown>): Promise<void> {
  // pin_index and code_index are HMACs with a pepper kept outside the database (ASVS 6.5.2, see docs/decisions).
  await sql`
    create table request (
      id uuid primary key default gen_random_uuid(),
      facility_id uuid not null references facility,
      outside_facility text not null,
      patient_name text not null,
      patient_birth_date date not null,
      details text not null,
      pin_index bytea not null,
      pin_sealed bytea not null,
      state text not null default 'sent'
        check (state in ('sent', 'opened', 'uploading', 'uploaded', 'imported', 'declined', 'cancelled')),
      created_by text not null,
      created_at timestamptz not null default now(),
      closed_at timestamptz
    )`.execute(db);
  await sql`create unique index request_open_pin on request (facility_id, pin_index) where closed_at is null`.execute(
    db,
  );
  await sql`create index request_facility on request (facility_id, created_at desc)`.execute(db);
  await sql`
    create table share (
      id uuid primary key default gen_random_uuid(),
      facility_id uuid not null references facility,
      request_id uuid references request,
      patient_name text not null,
      patient_birth_date date not null,
      note text not null default '',
      code_index bytea not null unique,
      code_sealed bytea not null,
      created_by text not null,
      created_at timestamptz not null default now(),
      first_expires_at timestamptz not null,
      expires_at timestamptz not null,
      revoked_at timestamptz,
      wrong_birth_dates int not null default 0,
      locked_until timestamptz
    )`.execute(db);
  await sql`create index share_facility on share (facility_id, created_at desc)`.execute(db);
  await sql`create index share_request on share (request_id) where request_id is not null`.execute(db);
  await sql`
    create table visitor_session (
      token_hash bytea primary key,
      kind text not null check (kind in ('recipient', 'uploader')),
      share_id uuid references share,
      request_id uuid references request,
      created_at timestamptz not null default now(),
      last_seen_at timestamptz not null default now(),
      expires_at timestamptz not null,
      ended_at timestamptz,
      check ((kind = 'recipient' and share_id is not null) or (kind = 'uploader' and request_id is not null))
    )`.execute(db);
  await sql`
    create table attempt (
      bucket text not null,
      at timestamptz not null default now(),
      succeeded boolean not null
    )`.execute(db);
  await sql`create index attempt_bucket on attempt (bucket, at)`.execute(db);
}
