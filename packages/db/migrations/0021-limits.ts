import { type Kysely, sql } from 'kysely';

/**
 * What uploads and facilities have taken on, in blobs and bytes, counted by the database itself: whoever changes a
 * blob's size or removes it cannot forget the books. A size that was announced counts before its bytes are there.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table facility_storage (
      facility_id uuid primary key references facility,
      quota_bytes bigint check (quota_bytes >= 0),
      taken_bytes bigint not null default 0
    )`.execute(db);
  await sql`
    alter table upload
      add column taken_bytes bigint not null default 0,
      add column taken_blobs int not null default 0`.execute(db);
  await sql`
    update upload u set taken_bytes = b.bytes, taken_blobs = b.blobs
    from (select upload_id, coalesce(sum(size), 0) as bytes, count(*) as blobs
          from blob where state <> 'removed' group by upload_id) b
    where b.upload_id = u.id`.execute(db);
  await sql`
    insert into facility_storage (facility_id, taken_bytes)
    select facility_id, sum(taken_bytes) from upload group by facility_id`.execute(db);
  await countBlobs(db);
  await sql`alter table blob add column missing_since timestamptz`.execute(db);
  await sql`
    create table upload_sender (
      id uuid primary key default gen_random_uuid(),
      upload_id uuid not null references upload,
      name text not null,
      site text not null,
      phone text not null,
      at timestamptz not null
    )`.execute(db);
  await sql`create index upload_sender_upload on upload_sender (upload_id, at)`.execute(db);
  await sql`create index attempt_at on attempt (at)`.execute(db);
  // A facility's own topic never ends; the others do, and are then looked through by age.
  await sql`create index event_of_what_ends on event (at) where topic not like 'facility:%'`.execute(db);
}

async function countBlobs(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function count_blob() returns trigger language plpgsql as $$
    declare
      bytes bigint := coalesce(new.size * (new.state <> 'removed')::int, 0)
        - coalesce(old.size * (old.state <> 'removed')::int, 0);
      blobs int := (new.state <> 'removed')::int - coalesce((old.state <> 'removed')::int, 0);
      facility uuid;
    begin
      if bytes = 0 and blobs = 0 then return null; end if;
      update upload set taken_bytes = taken_bytes + bytes, taken_blobs = taken_blobs + blobs
        where id = new.upload_id returning facility_id into facility;
      insert into facility_storage (facility_id, taken_bytes) values (facility, bytes)
        on conflict (facility_id) do update set taken_bytes = facility_storage.taken_bytes + bytes;
      return null;
    end $$`.execute(db);
  await sql`
    create trigger blob_counted after insert or update of size, state on blob
    for each row execute function count_blob()`.execute(db);
}
