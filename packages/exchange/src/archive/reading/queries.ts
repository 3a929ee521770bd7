import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { sql } from 'kysely';
import { type Granted, Refused } from '../../access/gate/schema.ts';
import type { Exchange } from '../../exchange.ts';
import { type Served, servedPieces } from './rules.ts';

const gunzipped = promisify(gunzip);
const gzipped = promisify(gzip);

/** Whoever reads images: the recipient of one share, a PACS with a key to it, or a machine or clerk of one facility. */
export type Reading = Granted<'share:view'> | Granted<'share:pull'> | Granted<'archive:read'>;

/** Which studies a reader may see at all. Everything else does not exist for it. */
export function withinReach(granted: Reading) {
  if ('confirmedOnly' in granted) {
    return sql<boolean>`(study.held_by_upload_id is null and
      exists (select from share_study ss where ss.share_id = ${granted.shareId} and ss.study_id = study.id))`;
  }
  return 'shareId' in granted
    ? sql<boolean>`exists (select from share_study ss where ss.share_id = ${granted.shareId} and ss.study_id = study.id)`
    : sql<boolean>`(study.facility_id = ${granted.facilityId} and study.held_by_upload_id is null)`;
}

export interface InstanceAddress {
  studyInstanceUid: string;
  seriesInstanceUid: string;
  sopInstanceUid: string;
}

export interface LocatedInstance extends InstanceAddress, Served {
  id: number;
  studyId: string;
  sopClassUid: string;
  transferSyntaxUid: string;
  numberOfFrames: number;
  /** SHA-256 of the stored bytes. */
  sha256: Buffer;
  frameLayout: unknown;
  bulkData: unknown;
}

function located(exchange: Exchange, granted: Reading) {
  return exchange.db
    .selectFrom('instance')
    .innerJoin('series', 'series.id', 'instance.seriesId')
    .innerJoin('study', 'study.id', 'instance.studyId')
    .select([
      'study.studyInstanceUid',
      'series.seriesInstanceUid',
      'instance.sopInstanceUid',
      'instance.id',
      'instance.studyId',
      'instance.blobId',
      'instance.byteOffset',
      'instance.byteLength',
      'instance.servedHead',
      'instance.servedSkip',
      'instance.sopClassUid',
      'instance.transferSyntaxUid',
      'instance.numberOfFrames',
      'instance.sha256',
      'instance.frameLayout',
      'instance.bulkData',
    ])
    .where(withinReach(granted))
    .orderBy('series.seriesNumber')
    .orderBy('series.id')
    .orderBy('instance.instanceNumber')
    .orderBy('instance.id');
}

/** Where one instance's bytes lie. @throws Refused when the reader has no such instance */
export async function locateInstance(
  exchange: Exchange,
  granted: Reading,
  address: InstanceAddress,
): Promise<LocatedInstance> {
  const row = await located(exchange, granted)
    .where('study.studyInstanceUid', '=', address.studyInstanceUid)
    .where('series.seriesInstanceUid', '=', address.seriesInstanceUid)
    .where('instance.sopInstanceUid', '=', address.sopInstanceUid)
    .executeTakeFirst();
  if (!row) throw new Refused();
  return row;
}

/**
 * A stretch of an instance as it leaves; lent piece by piece (see BlobFolder.lend).
 */
export async function* servedBytes(
  exchange: Exchange,
  served: Served,
  stretch: { offset: number; length: number },
): AsyncGenerator<Uint8Array, void, undefined> {
  for (const piece of servedPieces(served, stretch)) {
    if (piece.kind === 'bytes') yield piece.bytes;
    else yield* exchange.blobs.lend(piece.blobId, piece.offset, piece.length);
  }
}

/** All instances of a study, or of one of its series, in reading order. @throws Refused when there are none */
export async function locateInstances(
  exchange: Exchange,
  granted: Reading,
  {
    studyInstanceUid,
    seriesInstanceUid,
  }: { studyInstanceUid: string; seriesInstanceUid?: string | undefined },
): Promise<LocatedInstance[]> {
  let query = located(exchange, granted).where('study.studyInstanceUid', '=', studyInstanceUid);
  if (seriesInstanceUid) query = query.where('series.seriesInstanceUid', '=', seriesInstanceUid);
  const rows = await query.execute();
  if (rows.length === 0) throw new Refused();
  return rows;
}

export interface PreparedMetadata {
  studyId: string;
  /** Gzipped DICOM JSON: one array with every instance of the series. */
  body: Buffer;
  instances: number;
  seriesId: string;
}

/**
 * Series metadata in the form viewers ask for, made once when the series is complete and kept.
 * While images still arrive it is put together anew for each asker.
 */
export async function seriesMetadata(
  exchange: Exchange,
  granted: Reading,
  { studyInstanceUid, seriesInstanceUid }: { studyInstanceUid: string; seriesInstanceUid: string },
): Promise<PreparedMetadata> {
  const row = await exchange.db
    .selectFrom('series')
    .innerJoin('study', 'study.id', 'series.studyId')
    .select([
      'series.id as seriesId',
      'series.studyId',
      'series.instanceCount',
      'series.preparedMetadata',
      'series.preparedCount',
    ])
    .where('study.studyInstanceUid', '=', studyInstanceUid)
    .where('series.seriesInstanceUid', '=', seriesInstanceUid)
    .where(withinReach(granted))
    .executeTakeFirst();
  if (!row) throw new Refused();
  const { seriesId, studyId } = row;
  if (row.preparedMetadata && row.preparedCount === row.instanceCount) {
    return { seriesId, studyId, body: row.preparedMetadata, instances: row.instanceCount };
  }
  return { studyId, seriesId, ...(await prepareSeriesMetadata(exchange, seriesId)) };
}

/** Puts a series' metadata together from its parts and keeps it, unless it grew meanwhile. */
export async function prepareSeriesMetadata(
  exchange: Exchange,
  seriesId: string,
): Promise<{ body: Buffer; instances: number }> {
  const lines = await metadataLines(exchange, seriesId);
  const body = await gzipped(`[${lines.join(',')}]`, { level: 6 });
  await exchange.db
    .updateTable('series')
    .set({ preparedMetadata: body, preparedCount: lines.length })
    .where('id', '=', seriesId)
    .where('instanceCount', '=', lines.length)
    .execute();
  return { body, instances: lines.length };
}

/** The DICOM JSON of each instance of a series, in reading order. */
async function metadataLines(exchange: Exchange, seriesId: string): Promise<string[]> {
  const parts = await exchange.db
    .selectFrom('metadataPart')
    .select(['id', 'body'])
    .where('seriesId', '=', seriesId)
    .execute();
  const texts = new Map<number, string[]>();
  for (const part of parts) texts.set(part.id, (await gunzipped(part.body)).toString('utf8').split('\n'));
  const rows = await exchange.db
    .selectFrom('instance')
    .select(['metadataPartId', 'metadataLine'])
    .where('seriesId', '=', seriesId)
    .orderBy('instanceNumber')
    .orderBy('id')
    .execute();
  return rows.map((row) => texts.get(row.metadataPartId)?.[row.metadataLine] ?? '{}');
}

/** One instance's DICOM JSON. @throws Refused */
export async function instanceMetadata(
  exchange: Exchange,
  granted: Reading,
  address: InstanceAddress,
): Promise<{ studyId: string; json: string }> {
  const row = await exchange.db
    .selectFrom('instance')
    .innerJoin('series', 'series.id', 'instance.seriesId')
    .innerJoin('study', 'study.id', 'instance.studyId')
    .innerJoin('metadataPart', 'metadataPart.id', 'instance.metadataPartId')
    .select(['instance.studyId', 'metadataPart.body', 'instance.metadataLine'])
    .where('study.studyInstanceUid', '=', address.studyInstanceUid)
    .where('series.seriesInstanceUid', '=', address.seriesInstanceUid)
    .where('instance.sopInstanceUid', '=', address.sopInstanceUid)
    .where(withinReach(granted))
    .executeTakeFirst();
  if (!row) throw new Refused();
  const lines = (await gunzipped(row.body)).toString('utf8').split('\n');
  return { studyId: row.studyId, json: lines[row.metadataLine] ?? '{}' };
}

/** The Series Instance UIDs of a study within reach. @throws Refused */
export async function seriesOfStudy(
  exchange: Exchange,
  granted: Reading,
  studyInstanceUid: string,
): Promise<string[]> {
  const rows = await exchange.db
    .selectFrom('series')
    .innerJoin('study', 'study.id', 'series.studyId')
    .select('series.seriesInstanceUid')
    .where('study.studyInstanceUid', '=', studyInstanceUid)
    .where(withinReach(granted))
    .orderBy('series.seriesNumber')
    .orderBy('series.id')
    .execute();
  if (rows.length === 0) throw new Refused();
  return rows.map((row) => row.seriesInstanceUid);
}
