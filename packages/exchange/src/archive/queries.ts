import type { Database, Db } from '@filmpost/db/client.ts';
import type { Selectable, Transaction } from 'kysely';
import type { Granted } from '../access/gate/schema.ts';
import type { Exchange } from '../exchange.ts';
import { examState, foldName } from './rules.ts';
import type { ExamProgress, StudyListing } from './schema.ts';

export type Reader = Db | Transaction<Database>;
type ExamRow = Pick<
  Selectable<Database['exam']>,
  | 'studyInstanceUid'
  | 'description'
  | 'modalities'
  | 'studyDate'
  | 'seriesCount'
  | 'instancesArrived'
  | 'instancesAnnounced'
  | 'byteCount'
  | 'feedingUploadId'
  | 'feedingState'
  | 'feedingKind'
>;

export const EXAM_COLUMNS = [
  'exam.studyInstanceUid',
  'exam.description',
  'exam.modalities',
  'exam.studyDate',
  'exam.seriesCount',
  'exam.instancesArrived',
  'exam.instancesAnnounced',
  'exam.byteCount',
  'exam.feedingUploadId',
  'exam.feedingState',
  'exam.feedingKind',
] as const;

export function asExamProgress(row: ExamRow): ExamProgress {
  return {
    studyInstanceUid: row.studyInstanceUid ?? '',
    state: examState({
      instancesArrived: row.instancesArrived ?? 0,
      instancesAnnounced: row.instancesAnnounced,
      feedingState: row.feedingState,
      feedingKind: row.feedingKind,
    }),
    description: row.description ?? '',
    modalities: row.modalities ?? [],
    studyDate: row.studyDate,
    seriesCount: row.seriesCount ?? 0,
    instancesArrived: row.instancesArrived ?? 0,
    instancesAnnounced: row.instancesAnnounced,
    bytes: row.byteCount ?? 0,
    uploadId: row.feedingUploadId,
  };
}

/** The exams one upload brings: catalogued ones with at least one of its images, and those it announced. */
export async function examsOfUpload(
  exchange: Exchange,
  granted: Granted<'upload:read'>,
): Promise<(ExamProgress & { patientName: string; patientBirthDate: string | null })[]> {
  const rows = await exchange.db
    .selectFrom('exam')
    .select([...EXAM_COLUMNS, 'exam.patientName', 'exam.patientBirthDate'])
    .where('exam.facilityId', '=', granted.facilityId)
    .where((eb) =>
      eb.or([
        eb('exam.feedingUploadId', '=', granted.uploadId),
        eb('exam.heldByUploadId', '=', granted.uploadId),
        eb.exists(
          eb
            .selectFrom('instance')
            .select('instance.id')
            .whereRef('instance.studyId', '=', 'exam.studyId')
            .where('instance.uploadId', '=', granted.uploadId),
        ),
      ]),
    )
    .orderBy('exam.studyDate', (order) => order.desc().nullsLast())
    .execute();
  return rows.map((row) => ({
    ...asExamProgress(row),
    patientName: row.patientName ?? '',
    patientBirthDate: row.patientBirthDate,
  }));
}

/** The facility's record: what was confirmed, pushed or uploaded by its own staff; newest exam first. */
export async function listStudies(
  exchange: Exchange,
  granted: Granted<'facility:work'>,
  { search, limit = 500 }: { search?: string; limit?: number } = {},
): Promise<StudyListing[]> {
  let query = exchange.db
    .selectFrom('study')
    .innerJoin('patient', 'patient.id', 'study.patientId')
    .select([
      'study.studyInstanceUid',
      'patient.name as patientName',
      'patient.identifier as patientId',
      'patient.birthDate as patientBirthDate',
      'study.studyDate',
      'study.description',
      'study.modalities',
      'study.accessionNumber',
      'study.seriesCount as series',
      'study.instanceCount as instances',
      'study.byteCount as bytes',
    ])
    .where('study.facilityId', '=', granted.facilityId)
    .where('study.heldByUploadId', 'is', null)
    .orderBy('study.studyDate', (order) => order.desc().nullsLast())
    .orderBy('study.id')
    .limit(limit);
  if (search) {
    query = query.where((eb) =>
      eb.or([
        eb('study.patientNameFolded', 'like', `%${foldName(search).replace(/[%_\\]/g, '\\$&')}%`),
        eb('study.patientIdentifier', '=', search.trim()),
        eb('study.accessionNumber', '=', search.trim()),
      ]),
    );
  }
  return query.execute();
}
