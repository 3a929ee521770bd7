import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Granted } from '../access/gate/schema.ts';
import type { Exchange } from '../exchange.ts';
import { PLANNER } from './rules.ts';
import type { PackageChoices, PackageProgress, PackageWish } from './schema.ts';
import { viewerThere } from './viewer/queries.ts';

/** Whoever takes exams along: the recipient of a share, or the staff or a machine of a facility. */
export type Taking = Granted<'share:download'> | Granted<'archive:read'>;

export const PROGRESS = [
  'package.id as packageId',
  'package.kind',
  'package.state',
  'package.instances',
  'package.planned',
  'package.size',
  'package.largest',
] as const;

/** What a wish comes to now. */
export interface WantedContents {
  studyIds: string[];
  instances: number;
  /** Bytes of the largest instance as it leaves. */
  largest: number;
  /** Of everything that goes in: the same contents are the same package. */
  contentKey: Buffer;
}

/** What can be chosen; nothing that does not work is offered. */
export async function packageChoices(): Promise<PackageChoices> {
  return { viewer: (await viewerThere()).length > 0 };
}

function takenFrom(exchange: Exchange, taking: Taking) {
  const studies = exchange.db.selectFrom('study').where('study.heldByUploadId', 'is', null);
  if (!('shareId' in taking)) return studies.where('study.facilityId', '=', taking.facilityId);
  return studies.where(({ exists, selectFrom }) =>
    exists(
      selectFrom('shareStudy')
        .select('shareStudy.studyId')
        .where('shareStudy.shareId', '=', taking.shareId)
        .whereRef('shareStudy.studyId', '=', 'study.id'),
    ),
  );
}

/** The UIDs of exams within reach, by the ids the Share Inbox gives them. */
export async function studyInstanceUidsOf(
  exchange: Exchange,
  taking: Taking,
  studyIds: readonly string[],
): Promise<string[]> {
  const rows = await takenFrom(exchange, taking)
    .select('study.studyInstanceUid')
    .where('study.id', '=', sql<string>`any(${studyIds}::uuid[])`)
    .execute();
  return rows.map(({ studyInstanceUid }) => studyInstanceUid);
}

/**
 * The instances of the chosen exams, counted and digested in the order in which they are laid out. Only exams that are
 * the facility's record leave; what still waits for the sender's Confirm may be looked at and not taken.
 */
export async function wantedContents(
  exchange: Exchange,
  taking: Taking,
  wish: PackageWish,
): Promise<WantedContents> {
  const studies = await takenFrom(exchange, taking)
    .innerJoin('facility', 'facility.id', 'study.facilityId')
    .select(['study.id', 'facility.name', 'facility.contactPhone', 'facility.contactEmail'])
    .where('study.studyInstanceUid', '=', sql<string>`any(${wish.studyInstanceUids})`)
    .orderBy('study.studyDate', (order) => order.desc().nullsLast())
    .orderBy('study.id')
    .execute();
  const studyIds = studies.map(({ id }) => id);
  const { rows } = await sql<{ instances: number; largest: number; digest: Buffer | null }>`
    select count(*)::int as instances, coalesce(max(byte_length - served_skip + coalesce(length(served_head), 0)), 0) as largest,
      sha256(string_agg(int8send(instance.id) || coalesce(served_sha256, sha256), ''::bytea
        order by series.series_number, series.id, instance_number, instance.id)) as digest
    from instance join series on series.id = instance.series_id
    where instance.study_id = any(${studyIds})`.execute(exchange.db);
  const [{ instances, largest, digest } = { instances: 0, largest: 0, digest: null }] = rows;
  const scope = 'shareId' in taking ? taking.shareId : taking.facilityId;
  const viewer = wish.viewer
    ? (await viewerThere()).map(({ bytes }) => createHash('sha256').update(bytes).digest('hex'))
    : [];
  const said = [PLANNER, scope, wish.kind, viewer, studies, exchange.signingKey.keyId, exchange.publicUrl];
  const contentKey = createHash('sha256')
    .update(JSON.stringify(said))
    .update(digest ?? '')
    .digest();
  return { studyIds, instances, largest, contentKey };
}

function ofTaker(exchange: Exchange, taking: Taking) {
  const packages = exchange.db.selectFrom('package').where('package.facilityId', '=', taking.facilityId);
  return 'shareId' in taking
    ? packages.where('package.shareId', '=', taking.shareId)
    : packages.where('package.shareId', 'is', null);
}

/** How far a package is; null when the taker has none of that id. */
export async function findPackage(
  exchange: Exchange,
  taking: Taking,
  packageId: string,
): Promise<PackageProgress | null> {
  const row = await ofTaker(exchange, taking)
    .select(PROGRESS)
    .where('package.id', '=', packageId)
    .executeTakeFirst();
  return row ?? null;
}

/** A package that can be sent. */
export interface ReadyPackage extends PackageProgress {
  size: number;
  /** As in DICOM; empty when it holds several people. */
  patientName: string;
  studyIds: string[];
  /** Everything that the plan names is still there, and still the taker's. */
  intact: boolean;
}

/** A package to be downloaded; null when the taker has none of that id, or it is not ready. */
export async function readyPackage(
  exchange: Exchange,
  taking: Taking,
  packageId: string,
): Promise<ReadyPackage | null> {
  const theirs = takenFrom(exchange, taking)
    .innerJoin('patient', 'patient.id', 'study.patientId')
    .where('study.id', '=', sql<string>`any(package.study_ids)`)
    .select(sql<string[]>`array_agg(patient.name)`.as('names'));
  // One statement: whoever resumes a download is to have its next byte soon.
  const row = await ofTaker(exchange, taking)
    .select([...PROGRESS, 'package.studyIds'])
    .select(
      sql<number>`(select count(*)::int from instance where id = any(package.instance_ids))`.as('present'),
    )
    .select(theirs.as('names'))
    .where('package.id', '=', packageId)
    .where('package.state', '=', 'ready')
    .executeTakeFirst();
  if (!row || row.size === null) return null;
  const { present, names, ...ready } = row;
  const people = new Set(names);
  return {
    ...ready,
    size: row.size,
    patientName: people.size === 1 ? ([...people][0] ?? '') : '',
    intact: present === row.instances && names?.length === row.studyIds.length,
  };
}
