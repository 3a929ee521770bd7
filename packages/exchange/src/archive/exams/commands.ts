import { type Ledger, type Trx } from '../../transaction.ts';
import { EXAM_COLUMNS, asExamProgress } from '../queries.ts';

export interface ChangedExams {
  facilityId: string;
  studyInstanceUids: readonly string[];
  /** The upload whose exams changed; null when the facility's record did. */
  heldByUploadId: string | null;
}

/**
 * Tells everybody who may watch these exams how they stand now: the facility, the request and the upload that
 * brings them, and each share that holds them.
 */
export async function tellExams(trx: Trx, ledger: Ledger, changed: ChangedExams): Promise<void> {
  if (changed.studyInstanceUids.length === 0) return;
  const exams = await trx
    .selectFrom('exam')
    .leftJoin('upload', 'upload.id', 'exam.feedingUploadId')
    .select([...EXAM_COLUMNS, 'exam.studyId', 'upload.requestId'])
    .where('exam.facilityId', '=', changed.facilityId)
    .where('exam.studyInstanceUid', 'in', changed.studyInstanceUids)
    .where('exam.heldByUploadId', 'is not distinct from', changed.heldByUploadId)
    .execute();
  const holders = await trx
    .selectFrom('shareStudy')
    .innerJoin('share', 'share.id', 'shareStudy.shareId')
    .select(['shareStudy.shareId', 'shareStudy.studyInstanceUid', 'shareStudy.studyId'])
    .where('share.facilityId', '=', changed.facilityId)
    .where('share.revokedAt', 'is', null)
    .where('shareStudy.studyInstanceUid', 'in', changed.studyInstanceUids)
    .execute();
  for (const row of exams) {
    const exam = asExamProgress(row);
    const happening = { kind: 'exam.changed', payload: { exam } } as const;
    ledger.event({ topic: `facility:${changed.facilityId}`, ...happening });
    if (row.requestId) ledger.event({ topic: `request:${row.requestId}`, ...happening });
    if (exam.uploadId) ledger.event({ topic: `upload:${exam.uploadId}`, ...happening });
    for (const holder of holders) {
      const same = holder.studyInstanceUid === exam.studyInstanceUid;
      if (same && (holder.studyId === row.studyId || holder.studyId === null)) {
        ledger.event({ topic: `share:${holder.shareId}`, ...happening });
      }
    }
  }
}
