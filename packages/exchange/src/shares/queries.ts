import { sql } from 'kysely';
import type { Granted } from '../access/gate/schema.ts';
import { EXAM_COLUMNS, asExamProgress } from '../archive/queries.ts';
import type { Exchange } from '../exchange.ts';
import { latestSequence } from '../events/queries.ts';
import { shareState } from './rules.ts';
import type { Inbox, ShareListing } from './schema.ts';

/** The whole Share Inbox, newest exam first, with the point from which to follow its changes. */
export async function inbox(exchange: Exchange, granted: Granted<'share:view'>): Promise<Inbox> {
  // The cursor is read first: an event recorded meanwhile is then seen twice, never missed.
  const cursor = await latestSequence(exchange, `share:${granted.shareId}`);
  const share = await exchange.db
    .selectFrom('share')
    .innerJoin('facility', 'facility.id', 'share.facilityId')
    .select([
      'share.patientName',
      'share.patientBirthDate',
      'share.expiresAt',
      'facility.name as facilityName',
      'facility.contactPhone',
      'facility.contactEmail',
    ])
    .where('share.id', '=', granted.shareId)
    .executeTakeFirstOrThrow();
  const rows = await sharedExams(exchange, granted);
  return {
    ...share,
    shareId: granted.shareId,
    expiresAt: share.expiresAt.toISOString(),
    cursor: String(cursor),
    exams: rows.map((row) => ({
      ...asExamProgress(row),
      studyId: row.studyId,
      lastMovedAt: (row.lastByteAt ?? row.uploadOpenedAt)?.toISOString() ?? null,
    })),
  };
}

/** The exams of a share: the study it points at, or what was announced under that UID and has not come. */
async function sharedExams(exchange: Exchange, granted: Granted<'share:view'>) {
  return exchange.db
    .selectFrom('shareStudy')
    .innerJoin('share', 'share.id', 'shareStudy.shareId')
    .innerJoin('exam', (join) =>
      join
        .onRef('exam.facilityId', '=', 'share.facilityId')
        .onRef('exam.studyInstanceUid', '=', 'shareStudy.studyInstanceUid')
        .on(sql<boolean>`exam.study_id is not distinct from share_study.study_id`),
    )
    .leftJoin('upload', 'upload.id', 'exam.feedingUploadId')
    .select([...EXAM_COLUMNS, 'exam.studyId', 'upload.lastByteAt', 'upload.createdAt as uploadOpenedAt'])
    .distinctOn(['exam.studyDate', 'exam.studyInstanceUid'])
    .where('share.id', '=', granted.shareId)
    .orderBy('exam.studyDate', (order) => order.desc().nullsLast())
    .orderBy('exam.studyInstanceUid')
    .execute();
}

export async function listShares(
  exchange: Exchange,
  granted: Granted<'facility:work'>,
): Promise<ShareListing[]> {
  const rows = await exchange.db
    .selectFrom('share')
    .select((eb) => [
      'share.id as shareId',
      'share.patientName',
      'share.patientBirthDate',
      'share.requestId',
      'share.createdAt',
      'share.expiresAt',
      'share.revokedAt',
      'share.lockedUntil',
      'share.wrongBirthDates',
      eb
        .selectFrom('shareStudy')
        .whereRef('shareStudy.shareId', '=', 'share.id')
        .select(sql<number>`count(*)`.as('n'))
        .as('exams'),
      eb
        .selectFrom('visitorSession')
        .whereRef('visitorSession.shareId', '=', 'share.id')
        .select((session) => session.fn.min('visitorSession.createdAt').as('at'))
        .as('openedAt'),
    ])
    .where('share.facilityId', '=', granted.facilityId)
    .orderBy('share.createdAt', 'desc')
    .limit(500)
    .execute();
  const now = exchange.now();
  return rows.map(({ revokedAt, lockedUntil, wrongBirthDates, ...row }) => ({
    ...row,
    exams: row.exams ?? 0,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    openedAt: row.openedAt?.toISOString() ?? null,
    state: shareState({ revokedAt, expiresAt: row.expiresAt, lockedUntil, wrongBirthDates }, now),
  }));
}

/** The security code once more, for a clerk who hands it out again. */
export async function revealCode(exchange: Exchange, granted: Granted<'share:manage'>): Promise<string> {
  const row = await exchange.db
    .selectFrom('share')
    .select('codeSealed')
    .where('id', '=', granted.shareId)
    .executeTakeFirstOrThrow();
  return exchange.vault.open(row.codeSealed);
}
