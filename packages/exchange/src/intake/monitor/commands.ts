import { sql } from 'kysely';
import type { Granted } from '../../access/gate/schema.ts';
import { foldName } from '../../archive/rules.ts';
import type { Exchange } from '../../exchange.ts';
import { type Trx, transact } from '../../transaction.ts';
import { monitoredUploads } from './queries.ts';
import type { MonitorFilter, MonitorStretch, MonitoredUpload } from './schema.ts';

/** An exam as an upload announces it, or as its images tell. */
export interface BroughtExam {
  studyInstanceUid: string;
  patientName: string;
  modalities: readonly string[];
}

/** Writes down which exams an upload brings. What images tell stands over what was announced. */
export async function noteExams(trx: Trx, uploadId: string, exams: readonly BroughtExam[]): Promise<void> {
  const byStudy = Map.groupBy(exams, (exam) => exam.studyInstanceUid);
  if (byStudy.size === 0) return;
  await trx
    .insertInto('uploadExam')
    .values(
      [...byStudy].map(([studyInstanceUid, [first, ...others]]) => ({
        uploadId,
        studyInstanceUid,
        patientName: first?.patientName ?? '',
        patientNameFolded: foldName(first?.patientName ?? ''),
        modalities: [...new Set([first, ...others].flatMap((exam) => exam?.modalities ?? []))],
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['uploadId', 'studyInstanceUid']).doUpdateSet((eb) => ({
        patientName: eb.ref('excluded.patientName'),
        patientNameFolded: eb.ref('excluded.patientNameFolded'),
        modalities: sql<string[]>`array(
          select distinct unnest(upload_exam.modalities || excluded.modalities) order by 1)`,
      })),
    )
    .execute();
}

/** Forgets exams that were announced and of which nothing came: another disc took the first one's place. */
export async function forgetUnsent(trx: Trx, uploadId: string): Promise<void> {
  await sql`
    delete from upload_exam e where upload_id = ${uploadId} and not exists (
      select from instance i join study s on s.id = i.study_id
      where i.upload_id = e.upload_id and s.study_instance_uid = e.study_instance_uid)`.execute(trx);
}

/** An upload that was taken back tells of no patient any more. */
export async function forgetExams(trx: Trx, uploadId: string): Promise<void> {
  await trx.deleteFrom('uploadExam').where('uploadId', '=', uploadId).execute();
}

/** Counts instances that became part of an exam. */
export async function countInstances(trx: Trx, uploadId: string, added: number): Promise<void> {
  await trx
    .updateTable('upload')
    .set({ instancesArrived: sql`instances_arrived + ${added}` })
    .where('id', '=', uploadId)
    .execute();
}

/** After exams moved into the record: some images of the upload may have been there before and count no more. */
export async function recountInstances(trx: Trx, uploadId: string): Promise<void> {
  await sql`
    update upload set instances_arrived = (select count(*) from instance where upload_id = ${uploadId})
    where id = ${uploadId}`.execute(trx);
}

/**
 * Uploads to be taken away in a table, newest first, a stretch at a time. That somebody takes names away is written down,
 * once a table.
 */
export async function reportUploads(
  exchange: Exchange,
  granted: Granted<'facility:administer'>,
  { filter, stretch }: { filter: MonitorFilter; stretch: MonitorStretch },
): Promise<MonitoredUpload[]> {
  const { actor, facilityId } = granted;
  if (stretch.offset === 0) {
    await transact(exchange, actor, async (_trx, ledger) =>
      ledger.audit({ facilityId, action: 'uploads.reported', subject: { kind: 'facility', id: facilityId } }),
    );
  }
  return monitoredUploads(exchange, granted, { filter, stretch });
}
