import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { sql } from 'kysely';
import type { Trx } from '../../transaction.ts';
import { foldName } from '../rules.ts';
import { type KnownInstance, distinctBy, verdictOn } from './rules.ts';
import type { Catalogued, CatalogueTarget, RecognisedInstance } from './schema.ts';

const gzipped = promisify(gzip);

/**
 * Adds instances to the catalogue: one statement a table, whatever their number. The study rows stay locked until
 * commit, so two workers that bring images of one study take turns and no instance is added twice.
 */
export async function catalogue(
  trx: Trx,
  target: CatalogueTarget,
  offered: readonly RecognisedInstance[],
): Promise<Catalogued> {
  const patients = await upsertPatients(trx, target, offered);
  const studies = await upsertStudies(trx, target, { offered, patients });
  const studyOf = (item: RecognisedInstance) => mustGet(studies, item.study.studyInstanceUid);
  const known = await knownInstances(trx, [...studies.values()], offered);
  const result: Catalogued = {
    added: [],
    duplicates: [],
    conflicts: [],
    studyInstanceUids: [...studies.keys()],
  };
  for (const item of offered) {
    const key = `${studyOf(item)} ${item.sopInstanceUid}`;
    const verdict = verdictOn(item, known.get(key));
    if (verdict === 'new') {
      known.set(key, item);
      result.added.push(item);
    } else if (verdict === 'duplicate') result.duplicates.push(item);
    else if (verdict === 'conflict') result.conflicts.push(item);
  }
  if (result.added.length > 0) {
    const series = await upsertSeries(trx, result.added, studyOf);
    await insertInstances(trx, { uploadId: target.uploadId, added: result.added, studyOf, series });
    await countAgain(trx, [...new Set(result.added.map(studyOf))], [...new Set(series.values())]);
  }
  return result;
}

const patientKey = ({ patient }: RecognisedInstance) =>
  JSON.stringify([patient.identifier, patient.issuer, patient.name, patient.birthDate]);
const seriesKey = (item: RecognisedInstance) =>
  `${item.study.studyInstanceUid} ${item.series.seriesInstanceUid}`;

/** A patient is an identifier with its issuer, a name and a birth date together: discs reuse each of them alone. */
async function upsertPatients(trx: Trx, target: CatalogueTarget, offered: readonly RecognisedInstance[]) {
  const distinct = distinctBy(offered, patientKey);
  const ids = new Map<string, string>();
  for (const [key, { patient }] of distinct) {
    const row = await trx
      .insertInto('patient')
      .values({ ...patient, facilityId: target.facilityId })
      .onConflict((conflict) =>
        conflict
          .columns(['facilityId', 'identifier', 'issuer', 'name', 'birthDate'])
          .doUpdateSet({ sex: patient.sex }),
      )
      .returning('id')
      .executeTakeFirstOrThrow();
    ids.set(key, row.id);
  }
  return ids;
}

async function upsertStudies(
  trx: Trx,
  target: CatalogueTarget,
  { offered, patients }: { offered: readonly RecognisedInstance[]; patients: Map<string, string> },
) {
  const ids = new Map<string, string>();
  for (const [studyInstanceUid, item] of distinctBy(offered, (each) => each.study.studyInstanceUid)) {
    if (target.heldByUploadId === null) await lockRecord(trx, target.facilityId, studyInstanceUid);
    const row = await trx
      .insertInto('study')
      .values({
        ...item.study,
        facilityId: target.facilityId,
        heldByUploadId: target.heldByUploadId,
        patientId: mustGet(patients, patientKey(item)),
        patientIdentifier: item.patient.identifier,
        patientNameFolded: foldName(item.patient.name),
      })
      .onConflict((conflict) =>
        conflict
          .columns(['facilityId', 'heldByUploadId', 'studyInstanceUid'])
          .doUpdateSet({ changedAt: sql<Date>`now()` }),
      )
      .returning('id')
      .executeTakeFirstOrThrow();
    ids.set(studyInstanceUid, row.id);
  }
  return ids;
}

async function upsertSeries(
  trx: Trx,
  added: readonly RecognisedInstance[],
  studyOf: (item: RecognisedInstance) => string,
) {
  const ids = new Map<string, string>();
  for (const [key, item] of distinctBy(added, seriesKey)) {
    const row = await trx
      .insertInto('series')
      .values({ ...item.series, studyId: studyOf(item) })
      .onConflict((conflict) =>
        conflict.columns(['studyId', 'seriesInstanceUid']).doUpdateSet({ modality: item.series.modality }),
      )
      .returning('id')
      .executeTakeFirstOrThrow();
    ids.set(key, row.id);
  }
  return ids;
}

async function knownInstances(
  trx: Trx,
  studyIds: readonly string[],
  offered: readonly RecognisedInstance[],
): Promise<Map<string, KnownInstance>> {
  const rows = await trx
    .selectFrom('instance')
    .select(['studyId', 'sopInstanceUid', 'sha256', 'blobId', 'byteOffset'])
    .where('studyId', '=', sql<string>`any(${studyIds})`)
    .where('sopInstanceUid', '=', sql<string>`any(${offered.map((item) => item.sopInstanceUid)})`)
    .execute();
  return new Map(rows.map((row) => [`${row.studyId} ${row.sopInstanceUid}`, row]));
}

interface Insertion {
  uploadId: string;
  added: readonly RecognisedInstance[];
  studyOf: (item: RecognisedInstance) => string;
  series: Map<string, string>;
}

/** Metadata lines of one series and batch are compressed together: near-identical slices cost next to nothing. */
async function insertInstances(trx: Trx, { uploadId, added, studyOf, series }: Insertion): Promise<void> {
  const rows: object[] = [];
  for (const [key, items] of Map.groupBy(added, seriesKey)) {
    const seriesId = mustGet(series, key);
    const body = await gzipped(items.map((item) => item.metadata).join('\n'), { level: 3 });
    const part = await trx
      .insertInto('metadataPart')
      .values({ seriesId, body })
      .returning('id')
      .executeTakeFirstOrThrow();
    items.forEach((item, line) =>
      rows.push(instanceRow(item, { uploadId, studyId: studyOf(item), seriesId, part: part.id, line })),
    );
  }
  await sql`
    insert into instance (study_id, series_id, sop_instance_uid, sop_class_uid, transfer_syntax_uid, instance_number,
      number_of_frames, image_rows, image_columns, bits_allocated, upload_id, blob_id, byte_offset, byte_length,
      sha256, crc32, frame_layout, bulk_data, metadata_part_id, metadata_line, preamble, served_head, served_skip, served_sha256,
      served_crc32)
    select r.study_id, r.series_id, r.sop_instance_uid, r.sop_class_uid, r.transfer_syntax_uid, r.instance_number,
      r.number_of_frames, r.image_rows, r.image_columns, r.bits_allocated, r.upload_id, r.blob_id, r.byte_offset,
      r.byte_length, decode(r.sha256, 'hex'), r.crc32, r.frame_layout, r.bulk_data, r.metadata_part_id, r.metadata_line,
      r.preamble, decode(r.served_head, 'hex'), r.served_skip, decode(r.served_sha256, 'hex'), r.served_crc32
    from json_to_recordset(${JSON.stringify(rows)}::json) as r (study_id uuid, series_id uuid, sop_instance_uid text,
      sop_class_uid text, transfer_syntax_uid text, instance_number int, number_of_frames int, image_rows int,
      image_columns int, bits_allocated int, upload_id uuid, blob_id text, byte_offset bigint, byte_length bigint,
      sha256 text, crc32 bigint, frame_layout jsonb, bulk_data jsonb, metadata_part_id bigint, metadata_line int,
      preamble text, served_head text, served_skip int, served_sha256 text, served_crc32 bigint)`.execute(
    trx,
  );
}

function instanceRow(
  item: RecognisedInstance,
  at: { uploadId: string; studyId: string; seriesId: string; part: number; line: number },
): object {
  return {
    study_id: at.studyId,
    series_id: at.seriesId,
    sop_instance_uid: item.sopInstanceUid,
    sop_class_uid: item.sopClassUid,
    transfer_syntax_uid: item.transferSyntaxUid,
    instance_number: item.instanceNumber,
    number_of_frames: item.numberOfFrames,
    image_rows: item.rows,
    image_columns: item.columns,
    bits_allocated: item.bitsAllocated,
    upload_id: at.uploadId,
    blob_id: item.blobId,
    byte_offset: item.byteOffset,
    byte_length: item.byteLength,
    sha256: item.sha256.toString('hex'),
    crc32: item.crc32,
    frame_layout: item.frameLayout,
    bulk_data: item.bulkData,
    metadata_part_id: at.part,
    metadata_line: at.line,
    preamble: item.preamble,
    served_head: item.served && Buffer.from(item.served.head).toString('hex'),
    served_skip: item.served?.skip ?? 0,
    served_sha256: item.served?.sha256.toString('hex'),
    served_crc32: item.served?.crc32,
  };
}

/**
 * Makes those take turns who bring one study into a facility's record, by push or by Confirm: neither sees the
 * other's row before it is committed. Ask for several in the order of their UIDs.
 */
export async function lockRecord(trx: Trx, facilityId: string, studyInstanceUid: string): Promise<void> {
  const place = `${facilityId} ${studyInstanceUid}`;
  await sql`select pg_advisory_xact_lock(hashtextextended(${place}, 5))`.execute(trx);
}

/** Sums a few studies and series anew from their instances; exact whatever was merged or dropped before. */
export async function countAgain(
  trx: Trx,
  studyIds: readonly string[],
  seriesIds: readonly string[],
): Promise<void> {
  await sql`
    update series set instance_count = c.instances
    from (select series_id, count(*) as instances from instance where series_id = any(${seriesIds}) group by 1) c
    where series.id = c.series_id`.execute(trx);
  await sql`
    update study set instance_count = c.instances, byte_count = c.bytes, series_count = s.series,
      modalities = s.modalities, changed_at = now()
    from (select study_id, count(*) as instances, sum(byte_length) as bytes from instance
          where study_id = any(${studyIds}) group by 1) c
    join (select study_id, count(*) as series, array_agg(distinct modality order by modality) as modalities
          from series where study_id = any(${studyIds}) group by 1) s using (study_id)
    where study.id = c.study_id`.execute(trx);
}

function mustGet<T>(map: Map<string, T>, key: string): T {
  const value = map.get(key);
  if (value === undefined) throw new Error('a row that was just written is missing');
  return value;
}
