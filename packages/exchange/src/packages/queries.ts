import { sql } from 'kysely';
import type { Granted } from '../access/gate/schema.ts';
import type { Exchange } from '../exchange.ts';
import type { PackagedInstance } from './rules.ts';

export interface PackageContents {
  patientName: string;
  studyIds: string[];
  instances: PackagedInstance[];
  /** The newest change among the exams: the same exams give the same package. */
  modified: Date;
}

/**
 * The instances of chosen exams of a share, in reading order. Only exams that are the facility's record leave;
 * what still waits for the sender's Confirm may be looked at and not taken.
 */
export async function packageContents(
  exchange: Exchange,
  granted: Granted<'share:download'>,
  studyIds: readonly string[],
): Promise<PackageContents> {
  const studies = await exchange.db
    .selectFrom('study')
    .innerJoin('shareStudy', 'shareStudy.studyId', 'study.id')
    .innerJoin('share', 'share.id', 'shareStudy.shareId')
    .select(['study.id', 'study.changedAt', 'share.patientName'])
    .where('share.id', '=', granted.shareId)
    .where('study.id', 'in', studyIds)
    .where('study.heldByUploadId', 'is', null)
    .orderBy('study.studyDate', (order) => order.desc().nullsLast())
    .orderBy('study.id')
    .execute();
  const instances =
    studies.length === 0
      ? []
      : await exchange.db
          .selectFrom('instance')
          .innerJoin('series', 'series.id', 'instance.seriesId')
          .innerJoin('study', 'study.id', 'instance.studyId')
          .select([
            'instance.blobId',
            'instance.byteOffset',
            'instance.byteLength',
            'instance.servedHead',
            'instance.servedSkip',
          ])
          // Of what leaves, which few instances' preambles make another than what came.
          .select(sql<number>`coalesce(instance.served_crc32, instance.crc32)`.as('crc32'))
          .where(
            'instance.studyId',
            'in',
            studies.map((study) => study.id),
          )
          .orderBy('study.studyDate', (order) => order.desc().nullsLast())
          .orderBy('study.id')
          .orderBy('series.seriesNumber')
          .orderBy('series.id')
          .orderBy('instance.instanceNumber')
          .orderBy('instance.id')
          .execute();
  return {
    patientName: studies[0]?.patientName ?? '',
    studyIds: studies.map((study) => study.id),
    instances,
    modified: new Date(Math.max(0, ...studies.map((study) => study.changedAt.getTime()))),
  };
}
