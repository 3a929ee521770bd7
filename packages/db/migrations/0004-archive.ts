import { type Kysely, sql } from 'kysely';

/**
 * The catalogue: which blob holds which bytes of which instance.
 * A study held by an upload is not yet the facility's: Confirm turns held_by_upload_id to null.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table patient (
      id uuid primary key default gen_random_uuid(),
      facility_id uuid not null references facility,
      identifier text not null,
      issuer text not null,
      name text not null,
      name_ideographic text not null default '',
      name_phonetic text not null default '',
      birth_date date,
      sex text not null default '',
      unique nulls not distinct (facility_id, identifier, issuer, name, birth_date)
    )`.execute(db);
  await sql`
    create table study (
      id uuid primary key default gen_random_uuid(),
      facility_id uuid not null references facility,
      held_by_upload_id uuid references upload,
      patient_id uuid not null references patient,
      study_instance_uid text not null,
      study_id text not null default '',
      study_date date,
      study_time text not null default '',
      description text not null default '',
      accession_number text not null default '',
      referring_physician text not null default '',
      institution text not null default '',
      patient_identifier text not null default '',
      patient_name_folded text not null default '',
      modalities text[] not null default '{}',
      series_count int not null default 0,
      instance_count int not null default 0,
      byte_count bigint not null default 0,
      created_at timestamptz not null default now(),
      changed_at timestamptz not null default now(),
      unique nulls not distinct (facility_id, held_by_upload_id, study_instance_uid)
    )`.execute(db);
  await sql`create index study_uid on study (study_instance_uid)`.execute(db);
  await sql`create index study_by_date on study (facility_id, study_date desc nulls last, id) where held_by_upload_id is null`.execute(
    db,
  );
  await sql`create index study_by_patient on study (facility_id, patient_identifier)`.execute(db);
  await sql`create index study_by_accession on study (facility_id, accession_number)`.execute(db);
  await sql`create index study_by_name on study using gin (patient_name_folded gin_trgm_ops)`.execute(db);
  await sql`
    create table series (
      id uuid primary key default gen_random_uuid(),
      study_id uuid not null references study on delete cascade,
      series_instance_uid text not null,
      modality text not null default '',
      series_number int,
      description text not null default '',
      body_part text not null default '',
      series_date date,
      series_time text not null default '',
      instance_count int not null default 0,
      prepared_metadata bytea,
      prepared_count int not null default 0,
      unique (study_id, series_instance_uid)
    )`.execute(db);
  await sql`alter table series alter column prepared_metadata set storage external`.execute(db);
  await sql`
    create table metadata_part (
      id bigint primary key generated always as identity,
      series_id uuid not null references series on delete cascade,
      body bytea not null
    )`.execute(db);
  await sql`alter table metadata_part alter column body set storage external`.execute(db);
  await sql`create index metadata_part_series on metadata_part (series_id)`.execute(db);
  await sql`
    create table instance (
      id bigint primary key generated always as identity,
      study_id uuid not null references study on delete cascade,
      series_id uuid not null references series on delete cascade,
      sop_instance_uid text not null,
      sop_class_uid text not null,
      transfer_syntax_uid text not null,
      instance_number int,
      number_of_frames int not null default 1,
      image_rows int,
      image_columns int,
      upload_id uuid not null references upload,
      blob_id text not null references blob,
      byte_offset bigint not null,
      byte_length bigint not null,
      sha256 bytea not null,
      crc32 bigint not null,
      frame_layout jsonb,
      bulk_data jsonb,
      metadata_part_id bigint not null references metadata_part,
      metadata_line int not null,
      unique (study_id, sop_instance_uid)
    )`.execute(db);
  await sql`create index instance_series on instance (series_id, instance_number, id)`.execute(db);
  await sql`create index instance_blob on instance (blob_id)`.execute(db);
  await sql`create index instance_upload on instance (upload_id, study_id)`.execute(db);
  await sql`
    create table share_study (
      share_id uuid not null references share on delete cascade,
      study_instance_uid text not null,
      study_id uuid references study on delete set null,
      added_at timestamptz not null default now(),
      primary key (share_id, study_instance_uid)
    )`.execute(db);
  await sql`create index share_study_study on share_study (study_id)`.execute(db);
}
