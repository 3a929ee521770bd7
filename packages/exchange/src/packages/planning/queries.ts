import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type JsonDataSet, isDataSet } from '@filmpost/dicom/directory/dicom-json.ts';
import { sql } from 'kysely';
import type { Exchange } from '../../exchange.ts';
import type { DescribedInstance, Exam, PlannableInstance } from './schema.ts';

const gunzipped = promisify(gunzip);
const NOTHING: JsonDataSet = {};

/** A package that is being planned, and who gives it out. */
export async function plannedPackage(exchange: Exchange, packageId: string) {
  return exchange.db
    .selectFrom('package')
    .innerJoin('facility', 'facility.id', 'package.facilityId')
    .select([
      'package.id',
      'package.kind',
      'package.viewer',
      'package.contentKey',
      'package.studyIds',
      'package.instances',
      'facility.name as institution',
      'facility.contactPhone',
      'facility.contactEmail',
    ])
    .where('package.id', '=', packageId)
    .where('package.state', '=', 'planning')
    .executeTakeFirst();
}

/** The exams of a package, in its order. */
export async function examsOf(exchange: Exchange, studyIds: readonly string[]): Promise<Exam[]> {
  return exchange.db
    .selectFrom('study')
    .innerJoin('patient', 'patient.id', 'study.patientId')
    .select([
      'patient.name as patientName',
      'patient.identifier as patientId',
      'patient.birthDate',
      'study.studyDate',
      'study.description',
      'study.modalities',
      'study.instanceCount as images',
    ])
    .where('study.id', '=', sql<string>`any(${studyIds})`)
    .orderBy(sql`array_position(${studyIds}::uuid[], study.id)`)
    .execute();
}

/** The instances of studies, in reading order. */
export async function plannableInstances(
  exchange: Exchange,
  studyIds: readonly string[],
): Promise<PlannableInstance[]> {
  return exchange.db
    .selectFrom('instance')
    .innerJoin('series', 'series.id', 'instance.seriesId')
    .select([
      'instance.id',
      'instance.seriesId',
      'instance.sopClassUid',
      'instance.sopInstanceUid',
      'instance.transferSyntaxUid',
      'instance.sha256 as receivedSha256',
      'instance.bulkData',
      'instance.metadataPartId',
      'instance.metadataLine',
      sql<number>`coalesce(served_crc32, crc32)`.as('crc32'),
      sql<Buffer>`coalesce(served_sha256, sha256)`.as('sha256'),
      sql<number>`coalesce(length(served_head), 0) - served_skip`.as('shift'),
      sql<number>`byte_length + coalesce(length(served_head), 0) - served_skip`.as('size'),
      sql<boolean>`served_head is not null`.as('mended'),
    ])
    .where('instance.studyId', '=', sql<string>`any(${studyIds})`)
    .orderBy(sql`array_position(${studyIds}::uuid[], instance.study_id)`)
    .orderBy('series.seriesNumber')
    .orderBy('series.id')
    .orderBy('instance.instanceNumber')
    .orderBy('instance.id')
    .execute();
}

/** The instances with their DICOM JSON; that of one series is in memory at a time. */
export async function* described(
  exchange: Exchange,
  instances: readonly PlannableInstance[],
): AsyncGenerator<DescribedInstance, void, undefined> {
  for (const series of Map.groupBy(instances, ({ seriesId }) => seriesId).values()) {
    const lines = await metadataLines(exchange, new Set(series.map(({ metadataPartId }) => metadataPartId)));
    for (const instance of series) {
      const line = lines.get(instance.metadataPartId)?.[instance.metadataLine];
      const parsed: unknown = line === undefined ? NOTHING : JSON.parse(line);
      yield { instance, dataSet: isDataSet(parsed) ? parsed : NOTHING };
    }
  }
}

async function metadataLines(exchange: Exchange, ids: ReadonlySet<number>): Promise<Map<number, string[]>> {
  const parts = await exchange.db
    .selectFrom('metadataPart')
    .select(['id', 'body'])
    .where('id', '=', sql<number>`any(${[...ids]})`)
    .execute();
  const lines = new Map<number, string[]>();
  for (const { id, body } of parts) lines.set(id, (await gunzipped(body)).toString('utf8').split('\n'));
  return lines;
}
