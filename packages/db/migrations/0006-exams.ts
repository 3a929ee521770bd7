import { type Kysely, sql } from 'kysely';

/**
 * Every exam a facility can speak of: catalogued, or announced by an upload whose bytes have not come yet.
 * feeding_* name the newest upload that is still bringing images for it, if any.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create view exam as
    select s.facility_id, s.study_instance_uid, s.id as study_id, s.held_by_upload_id,
           p.name as patient_name, p.birth_date as patient_birth_date, p.identifier as patient_identifier,
           s.study_date, s.description, s.modalities, s.accession_number, s.series_count,
           s.instance_count as instances_arrived, s.byte_count, s.changed_at,
           f.instances as instances_announced, f.upload_id as feeding_upload_id,
           f.state as feeding_state, f.kind as feeding_kind
    from study s
    join patient p on p.id = s.patient_id
    left join lateral (
      select a.instances, a.upload_id, u.state, u.kind
      from announced_exam a join upload u on u.id = a.upload_id
      where a.study_instance_uid = s.study_instance_uid and u.facility_id = s.facility_id
        and u.state in ('open', 'sent', 'arrived')
        and (s.held_by_upload_id = u.id or (s.held_by_upload_id is null and u.kind <> 'request'))
      order by u.created_at desc limit 1
    ) f on true
    union all
    select u.facility_id, a.study_instance_uid, null, case when u.kind = 'request' then u.id end,
           a.patient_name, a.patient_birth_date, '',
           a.study_date, a.description, a.modalities, '', 0, 0, 0, u.created_at,
           a.instances, u.id, u.state, u.kind
    from announced_exam a join upload u on u.id = a.upload_id
    where u.state in ('open', 'sent', 'arrived')
      and not exists (
        select from study s
        where s.facility_id = u.facility_id and s.study_instance_uid = a.study_instance_uid
          and (s.held_by_upload_id = u.id or (s.held_by_upload_id is null and u.kind <> 'request')))`.execute(
    db,
  );
}
