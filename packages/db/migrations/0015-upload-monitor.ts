import { type Kysely, sql } from 'kysely';

/**
 * What a monitor of thousands of uploads reads without counting: totals kept with the upload, and one row for each exam
 * that an upload brings, whether announced by a browser or found in what came.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table upload
      add column first_byte_at timestamptz,
      add column bytes_received bigint not null default 0,
      add column instances_arrived int not null default 0`.execute(db);
  await sql`
    update upload u set
      first_byte_at = (select min(received_at) from blob b where b.upload_id = u.id),
      bytes_received = (select coalesce(sum(size), 0) from blob b
                        where b.upload_id = u.id and b.state in ('received', 'ingested')),
      instances_arrived = (select count(*) from instance i where i.upload_id = u.id)`.execute(db);
  await sql`
    create table upload_exam (
      upload_id uuid not null references upload on delete cascade,
      study_instance_uid text not null,
      patient_name text not null,
      patient_name_folded text not null,
      modalities text[] not null default '{}',
      primary key (upload_id, study_instance_uid)
    )`.execute(db);
  await sql`
    insert into upload_exam
    select distinct on (i.upload_id, s.study_instance_uid)
      i.upload_id, s.study_instance_uid, p.name, s.patient_name_folded, s.modalities
    from instance i join study s on s.id = i.study_id join patient p on p.id = s.patient_id`.execute(db);
}
