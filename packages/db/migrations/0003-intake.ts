import { type Kysely, sql } from 'kysely';

/** Uploads, the blobs that tus and STOW wrote, and what was set aside with its reason. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table upload (
      id uuid primary key default gen_random_uuid(),
      facility_id uuid not null references facility,
      kind text not null check (kind in ('request', 'staff', 'device')),
      request_id uuid references request,
      device_id uuid references device,
      opened_by text not null,
      state text not null default 'open'
        check (state in ('open', 'sent', 'arrived', 'confirmed', 'withdrawn', 'abandoned')),
      files_chosen int not null default 0,
      files_to_send int not null default 0,
      bytes_to_send bigint not null default 0,
      left_out jsonb not null default '[]',
      created_at timestamptz not null default now(),
      last_byte_at timestamptz,
      sent_at timestamptz,
      arrived_at timestamptz,
      closed_at timestamptz,
      check ((kind = 'request') = (request_id is not null))
    )`.execute(db);
  await sql`create index upload_facility on upload (facility_id, created_at desc)`.execute(db);
  await sql`create index upload_request on upload (request_id) where request_id is not null`.execute(db);
  await sql`create unique index upload_device_open on upload (device_id) where kind = 'device' and state = 'open'`.execute(
    db,
  );
  await sql`
    create table announced_exam (
      upload_id uuid not null references upload on delete cascade,
      study_instance_uid text not null,
      patient_name text not null,
      patient_birth_date date,
      study_date date,
      description text not null default '',
      modalities text[] not null default '{}',
      instances int not null,
      primary key (upload_id, study_instance_uid)
    )`.execute(db);
  await sql`
    create table blob (
      id text primary key,
      upload_id uuid not null references upload,
      content_key text,
      size bigint,
      state text not null default 'receiving' check (state in ('receiving', 'received', 'ingested', 'removed')),
      metadata jsonb not null default '{}',
      created_at timestamptz not null default now(),
      received_at timestamptz,
      ingested_at timestamptz
    )`.execute(db);
  await sql`create unique index blob_content on blob (upload_id, content_key) where content_key is not null and state <> 'removed'`.execute(
    db,
  );
  await sql`create index blob_upload on blob (upload_id)`.execute(db);
  await sql`create index blob_unfinished on blob (created_at) where state in ('receiving', 'received')`.execute(
    db,
  );
  await sql`
    create table set_aside (
      id bigint primary key generated always as identity,
      upload_id uuid not null references upload,
      blob_id text not null references blob,
      name text not null,
      byte_offset bigint not null,
      byte_length bigint not null,
      reason text not null,
      detail text not null default '',
      at timestamptz not null default now(),
      unique (blob_id, byte_offset)
    )`.execute(db);
  await sql`create index set_aside_upload on set_aside (upload_id)`.execute(db);
}
