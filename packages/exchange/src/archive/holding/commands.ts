import { sql } from 'kysely';
import type { Ledger, Trx } from '../../transaction.ts';
import { countAgain } from '../catalogue/commands.ts';
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
  }
  await tellExams(trx, ledger, {
    facilityId: holder.facilityId,
    studyInstanceUids: held.map((study) => study.studyInstanceUid),
    heldByUploadId: null,
  });
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
    insert into series (study_id, series_instance_uid, modality, series_number, description, body_part, series_date, series_time)
    select ${into}, series_instance_uid, modality, series_number, description, body_part, series_date, series_time
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

/** The upload was taken back or given up: what it held was never the facility's and goes. */
export async function removeHeldStudies(trx: Trx, ledger: Ledger, holder: Holder): Promise<void> {
  const shares = await trx
    .selectFrom('shareStudy')
    .innerJoin('study', 'study.id', 'shareStudy.studyId')
    .where('study.heldByUploadId', '=', holder.uploadId)
    .select(['shareStudy.shareId', 'shareStudy.studyInstanceUid'])
    .execute();
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
