import { sql } from 'kysely';
import type { Trx } from '../../transaction.ts';

/**
 * Lets the shares that follow a request take up the exams its uploads announce. Only exams of the share's own
 * patient: a disc may hold others, and the date of birth must agree, or be unknown to the disc.
 */
export async function followAnnounced(trx: Trx, uploadId: string): Promise<void> {
  await sql`
    insert into share_study (share_id, study_instance_uid)
    select s.id, a.study_instance_uid
    from upload u
    join share s on s.request_id = u.request_id and s.revoked_at is null
    join announced_exam a on a.upload_id = u.id
      and (a.patient_birth_date is null or a.patient_birth_date = s.patient_birth_date)
    where u.id = ${uploadId}
    on conflict do nothing`.execute(trx);
}

/**
 * Points shares at studies that have just got their first images: those that waited for the UID, and those that
 * follow the request which brought them.
 */
export async function followCatalogued(
  trx: Trx,
  { uploadId, studyInstanceUids }: { uploadId: string; studyInstanceUids: readonly string[] },
): Promise<void> {
  await sql`
    insert into share_study (share_id, study_instance_uid)
    select s.id, st.study_instance_uid
    from upload u
    join share s on s.request_id = u.request_id and s.revoked_at is null
    join study st on st.facility_id = u.facility_id and st.held_by_upload_id = u.id
      and st.study_instance_uid = any(${studyInstanceUids})
    join patient p on p.id = st.patient_id
      and (p.birth_date is null or p.birth_date = s.patient_birth_date)
    where u.id = ${uploadId}
    on conflict do nothing`.execute(trx);
  await sql`
    update share_study set study_id = st.id
    from upload u, share s, study st
    where u.id = ${uploadId} and share_study.share_id = s.id and s.facility_id = u.facility_id
      and share_study.study_id is null and share_study.study_instance_uid = any(${studyInstanceUids})
      and st.facility_id = u.facility_id and st.study_instance_uid = share_study.study_instance_uid
      and (st.held_by_upload_id is null or (st.held_by_upload_id = u.id and s.request_id = u.request_id))`.execute(
    trx,
  );
}

/** Gives a new share what its request has brought so far, announced, on its way or confirmed. */
export async function followRequest(
  trx: Trx,
  { shareId, requestId }: { shareId: string; requestId: string },
): Promise<void> {
  const uploads = await trx
    .selectFrom('upload')
    .select('id')
    .where('requestId', '=', requestId)
    .where('state', 'not in', ['withdrawn', 'abandoned'])
    .execute();
  for (const { id } of uploads) await followAnnounced(trx, id);
  await sql`
    insert into share_study (share_id, study_instance_uid, study_id)
    select distinct s.id, st.study_instance_uid, st.id
    from share s
    join upload u on u.request_id = s.request_id and u.state not in ('withdrawn', 'abandoned')
    join instance i on i.upload_id = u.id
    join study st on st.id = i.study_id
    join patient p on p.id = st.patient_id
      and (p.birth_date is null or p.birth_date = s.patient_birth_date)
    where s.id = ${shareId} and s.request_id = ${requestId}
    on conflict (share_id, study_instance_uid) do update set study_id = excluded.study_id`.execute(trx);
}
