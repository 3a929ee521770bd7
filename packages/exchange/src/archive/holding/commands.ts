import { sql } from 'kysely';
import type { Ledger, Trx } from '../../transaction.ts';
import { countAgain, lockRecord } from '../catalogue/commands.ts';
import { tellExams } from '../exams/commands.ts';

interface Holder {
  uploadId: string;
  facilityId: string;
}

/**
 * Confirm: the studies an upload held become the facility's record. Where the record has the study already, its
 * missing instances move over; what it holds byte for byte stays once, and a different instance under the same
 * SOP Instance UID is set aside for a human.
 */
export async function releaseHeldStudies(trx: Trx, ledger: Ledger, holder: Holder): Promise<void> {
  const held = await trx
    .selectFrom('study')
    .select(['id', 'studyInstanceUid'])
    .where('heldByUploadId', '=', holder.uploadId)
    .orderBy('studyInstanceUid')
    .forUpdate()
    .execute();
  for (const study of held) {
    await lockRecord(trx, holder.facilityId, study.studyInstanceUid);
    const record = await trx
      .selectFrom('study')
      .select('id')
      .where('facilityId', '=', holder.facilityId)
      .where('heldByUploadId', 'is', null)
      .where('studyInstanceUid', '=', study.studyInstanceUid)
      .forUpdate()
      .executeTakeFirst();
    if (record) await mergeStudy(trx, { from: study.id, into: record.id });
    else await trx.updateTable('study').set({ heldByUploadId: null }).where('id', '=', study.id).execute();
    await pointWaitingShares(trx, holder.facilityId, { ...study, id: record?.id ?? study.id });
  }
  await tellExams(trx, ledger, {
    facilityId: holder.facilityId,
    studyInstanceUids: held.map((study) => study.studyInstanceUid),
    heldByUploadId: null,
  });
}

/** Shares made of the UID before its images came see them from now on: they are the facility's to show. */
async function pointWaitingShares(
  trx: Trx,
  facilityId: string,
  study: { id: string; studyInstanceUid: string },
): Promise<void> {
  await sql`
    update share_study set study_id = ${study.id} from share s
    where s.id = share_study.share_id and s.facility_id = ${facilityId} and share_study.study_id is null
      and share_study.study_instance_uid = ${study.studyInstanceUid}`.execute(trx);
}

async function mergeStudy(trx: Trx, { from, into }: { from: string; into: string }): Promise<void> {
  await sql`
    insert into set_aside (upload_id, blob_id, name, byte_offset, byte_length, reason)
    select h.upload_id, h.blob_id, h.sop_instance_uid, h.byte_offset, h.byte_length,
      case when h.sha256 = r.sha256 then 'duplicate' else 'conflict' end
    from instance h join instance r on r.study_id = ${into} and r.sop_instance_uid = h.sop_instance_uid
    where h.study_id = ${from} on conflict do nothing`.execute(trx);
  await sql`
    delete from instance h using instance r
    where h.study_id = ${from} and r.study_id = ${into} and r.sop_instance_uid = h.sop_instance_uid`.execute(
    trx,
  );
  await sql`
    insert into series (study_id, series_instance_uid, modality, series_number, description, body_part, series_date, series_time,
      procedure_step_date, procedure_step_time, scheduled_step_ids, requested_procedure_ids)
    select ${into}, series_instance_uid, modality, series_number, description, body_part, series_date, series_time,
      procedure_step_date, procedure_step_time, scheduled_step_ids, requested_procedure_ids
    from series where study_id = ${from} on conflict do nothing`.execute(trx);
  await sql`
    update metadata_part set series_id = t.id
    from series f join series t on t.study_id = ${into} and t.series_instance_uid = f.series_instance_uid
    where f.study_id = ${from} and metadata_part.series_id = f.id`.execute(trx);
  await sql`
    update instance set study_id = ${into}, series_id = t.id
    from series f join series t on t.study_id = ${into} and t.series_instance_uid = f.series_instance_uid
    where f.study_id = ${from} and instance.series_id = f.id`.execute(trx);
  await trx.updateTable('shareStudy').set({ studyId: into }).where('studyId', '=', from).execute();
  await trx.deleteFrom('study').where('id', '=', from).execute();
  const series = await trx.selectFrom('series').select('id').where('studyId', '=', into).execute();
  await countAgain(
    trx,
    [into],
    series.map((row) => row.id),
  );
}

/** The upload was taken back or given up: what it held or only announced was never the facility's and goes. */
export async function removeHeldStudies(trx: Trx, ledger: Ledger, holder: Holder): Promise<void> {
  const { rows: shares } = await sql<{ shareId: string; studyInstanceUid: string }>`
    select ss.share_id, ss.study_instance_uid
    from share_study ss join study st on st.id = ss.study_id and st.held_by_upload_id = ${holder.uploadId}
    union
    select ss.share_id, ss.study_instance_uid
    from upload u
    join announced_exam a on a.upload_id = u.id
    join share s on s.request_id = u.request_id
    join share_study ss on ss.share_id = s.id and ss.study_instance_uid = a.study_instance_uid and ss.study_id is null
    where u.id = ${holder.uploadId}`.execute(trx);
  for (const { shareId, studyInstanceUid } of shares) {
    await trx
      .deleteFrom('shareStudy')
      .where('shareId', '=', shareId)
      .where('studyInstanceUid', '=', studyInstanceUid)
      .execute();
    ledger.event({ topic: `share:${shareId}`, kind: 'exam.removed', payload: { studyInstanceUid } });
  }
  await trx.deleteFrom('study').where('heldByUploadId', '=', holder.uploadId).execute();
}

/** What a blob had brought to studies that are still held, when its sender takes it back. */
export interface RemovedInstances {
  instances: number;
  digests: Buffer[];
  studyInstanceUids: string[];
}

/** Removes a blob's instances from the held studies they are in, and studies and series that are empty then. */
export async function removeHeldInstances(trx: Trx, blobId: string): Promise<RemovedInstances> {
  const { rows } = await sql<{ studyId: string; seriesId: string; sha256: Buffer; studyInstanceUid: string }>`
    delete from instance i using study st
    where i.blob_id = ${blobId} and st.id = i.study_id and st.held_by_upload_id = i.upload_id
    returning i.study_id, i.series_id, i.sha256, st.study_instance_uid`.execute(trx);
  const [studies, series] = [rows.map((row) => row.studyId), rows.map((row) => row.seriesId)];
  await sql`
    update series set prepared_metadata = null, prepared_count = 0 where id = any(${series})`.execute(trx);
  await sql`
    delete from series where id = any(${series})
      and not exists (select from instance i where i.series_id = series.id)`.execute(trx);
  await sql`
    delete from study where id = any(${studies})
      and not exists (select from instance i where i.study_id = study.id)`.execute(trx);
  await countAgain(trx, [...new Set(studies)], [...new Set(series)]);
  const studyInstanceUids = [...new Set(rows.map((row) => row.studyInstanceUid))];
  return { instances: rows.length, digests: rows.map(({ sha256 }) => sha256), studyInstanceUids };
}
