import { sql } from 'kysely';
import type { Exchange } from '../../exchange.ts';
import { type Reading, withinReach } from '../reading/queries.ts';
import { namePattern } from './rules.ts';
import type { FoundInstance, FoundSeries, FoundStudy, StudyFilter } from './schema.ts';

/** Studies within the reader's reach that match, newest first. */
export async function searchStudies(
  exchange: Exchange,
  granted: Reading,
  filter: StudyFilter,
): Promise<FoundStudy[]> {
  let query = exchange.db
    .selectFrom('study')
    .innerJoin('patient', 'patient.id', 'study.patientId')
    .select([
      'study.studyInstanceUid',
      'study.studyId',
      'study.studyDate',
      'study.studyTime',
      'study.accessionNumber',
      'study.modalities',
      'study.referringPhysician',
      'study.description',
      'study.institution',
      'patient.name as patientName',
      'patient.nameIdeographic',
      'patient.namePhonetic',
      'patient.identifier as patientId',
      'patient.issuer',
      'patient.birthDate as patientBirthDate',
      'patient.sex as patientSex',
      'study.seriesCount',
      'study.instanceCount',
    ])
    .where(withinReach(granted))
    .orderBy('study.studyDate', (order) => order.desc().nullsLast())
    .orderBy('study.id')
    .limit(filter.limit)
    .offset(filter.offset);
  if (filter.studyInstanceUids) query = query.where('study.studyInstanceUid', 'in', filter.studyInstanceUids);
  if (filter.patientId) query = query.where('study.patientIdentifier', '=', filter.patientId);
  if (filter.patientName)
    query = query.where('study.patientNameFolded', 'like', namePattern(filter.patientName));
  if (filter.accessionNumber) query = query.where('study.accessionNumber', '=', filter.accessionNumber);
  if (filter.studyDateFrom) query = query.where('study.studyDate', '>=', filter.studyDateFrom);
  if (filter.studyDateTo) query = query.where('study.studyDate', '<=', filter.studyDateTo);
  if (filter.modalitiesInStudy) {
    query = query.where(sql<boolean>`study.modalities && ${filter.modalitiesInStudy}::text[]`);
  }
  return query.execute();
}

export async function searchSeries(
  exchange: Exchange,
  granted: Reading,
  filter: {
    studyInstanceUid: string;
    seriesInstanceUids?: string[] | undefined;
    modality?: string | undefined;
  },
): Promise<FoundSeries[]> {
  let query = exchange.db
    .selectFrom('series')
    .innerJoin('study', 'study.id', 'series.studyId')
    .select([
      'study.studyInstanceUid',
      'series.seriesInstanceUid',
      'series.modality',
      'series.seriesNumber',
      'series.description',
      'series.bodyPart',
      'series.seriesDate',
      'series.seriesTime',
      'series.instanceCount',
    ])
    .where('study.studyInstanceUid', '=', filter.studyInstanceUid)
    .where(withinReach(granted))
    .orderBy('series.seriesNumber')
    .orderBy('series.id');
  if (filter.seriesInstanceUids)
    query = query.where('series.seriesInstanceUid', 'in', filter.seriesInstanceUids);
  if (filter.modality) query = query.where('series.modality', '=', filter.modality);
  return query.execute();
}

export async function searchInstances(
  exchange: Exchange,
  granted: Reading,
  filter: {
    studyInstanceUid: string;
    seriesInstanceUid?: string | undefined;
    sopInstanceUids?: string[] | undefined;
    limit: number;
    offset: number;
  },
): Promise<FoundInstance[]> {
  let query = exchange.db
    .selectFrom('instance')
    .innerJoin('series', 'series.id', 'instance.seriesId')
    .innerJoin('study', 'study.id', 'instance.studyId')
    .select([
      'study.studyInstanceUid',
      'series.seriesInstanceUid',
      'series.modality',
      'instance.sopInstanceUid',
      'instance.sopClassUid',
      'instance.transferSyntaxUid',
      'instance.instanceNumber',
      'instance.numberOfFrames',
      'instance.imageRows',
      'instance.imageColumns',
    ])
    .where('study.studyInstanceUid', '=', filter.studyInstanceUid)
    .where(withinReach(granted))
    .orderBy('series.seriesNumber')
    .orderBy('series.id')
    .orderBy('instance.instanceNumber')
    .orderBy('instance.id')
    .limit(filter.limit)
    .offset(filter.offset);
  if (filter.seriesInstanceUid)
    query = query.where('series.seriesInstanceUid', '=', filter.seriesInstanceUid);
  if (filter.sopInstanceUids) query = query.where('instance.sopInstanceUid', 'in', filter.sopInstanceUids);
  return query.execute();
}
