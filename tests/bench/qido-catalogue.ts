import { gzipSync } from 'node:zlib';
import type { Database, Db } from '@filmpost/db/client.ts';
import { type Transaction, sql } from 'kysely';

type Trx = Transaction<Database>;

/** Family and given names, so many that a prefix finds about one study in a hundred and an infix about one in forty. */
const FAMILY =
  'Abel Adler Albrecht Almeida Andersen Arnold Baker Barros Bauer Becker Bennett Berg Bianchi Blanc Bosch Braun Brooks Byrne Campos Carter Castro Cohen Conti Costa Cruz Dahl Daly Dias Dietrich Duarte Ekman Ellis Engel Ferrari Fischer Flores Fontana Foster Franke Fuchs Garner Gomes Gray Greco Haas Hahn Hale Hart Heikkinen Herrmann Holm Horn Hughes Iversen Jansen Jordan Kaiser Keller Klein Kovács Krause Lang Larsen Lehmann Lindgren Lopes Lorenz Lund Maier Marino Meyer Moreau Möller Neves Novák Olsen Ortiz Peters Petit Pinto Pohl Ramos Reis Ricci Roth Russo Sandberg Schäfer Seidel Sørensen Stein Teixeira Vidal Vogel Weiss Winter Wolf Zimmer';
const GIVEN =
  'Ada Agnes Albert Alma Amelia Anders Astrid August Beatrice Bruno Cecil Charlotte Clemens Dorothea Edgar Edith Elena Elias Esther Felicia Florence Frederick Georg Gerda Gustav Hannah Harriet Helena Henrik Ingrid Irene Jacob Johanna Jonas Josef Julian Katrin Konrad Leonard Lorenzo Lucas Ludwig Magnus Margaret Mathilde Matteo Oliver Ottilie Philip Rebecca Rosalind Rudolf Samuel Simone Sophie Stefan Theodor Ursula Victor Walter';
const MODALITIES = 'CT CT CT MR MR CR CR DX US US MG PT XA';

export const FAMILY_NAMES = FAMILY.split(' ');
export const GIVEN_NAMES = GIVEN.split(' ');
/** Study dates lie within this many days from 2016-01-01 on. */
export const DAYS = 3650;

/** A name as `foldName` would make it, for the letters of the names above. */
const folded = sql`lower(translate(name, 'áöäø^-', 'aoao  '))`;

/**
 * Fills a facility's record with `count` studies of one series and one instance each, about three a patient, as
 * ingest would have left them. Nothing lies behind the instances: they are for searching only.
 */
export async function fillCatalogue(
  db: Db,
  { facilityId, count }: { facilityId: string; count: number },
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await sql`select setseed(0.25)`.execute(trx);
    await sql`
      create temporary table wanted on commit drop as
      select n, modalities[1 + floor(random() * cardinality(modalities))::int] as modality,
        date '2016-01-01' + floor(random() * ${DAYS})::int as study_date,
        lpad(floor(random() * 24)::text, 2, '0') || lpad(floor(random() * 60)::text, 2, '0') || '00' as study_time
      from generate_series(0, ${count}::int - 1) n, string_to_array(${MODALITIES}, ' ') modalities`.execute(
      trx,
    );
    await fillPatients(trx, { facilityId, count });
    await fillStudies(trx, facilityId);
    await fillInstances(trx, facilityId);
  });
  await vacuumed(db);
}

/** As autovacuum would have left it. A snapshot taken meanwhile by something else keeps pages from being settled. */
async function vacuumed(db: Db): Promise<void> {
  for (;;) {
    await sql`vacuum (analyze) patient, study, series, instance`.execute(db);
    const { rows } = await sql<{ settled: boolean }>`
      select relallvisible > relpages * 0.98 as settled from pg_class where relname = 'study'`.execute(db);
    if (rows[0]?.settled) return;
  }
}

async function fillPatients(
  trx: Trx,
  { facilityId, count }: { facilityId: string; count: number },
): Promise<void> {
  await sql`
    insert into patient (facility_id, identifier, issuer, name, birth_date, sex)
    select ${facilityId}, 'P' || lpad(n::text, 7, '0'), '',
      family[1 + floor(random() * cardinality(family))::int]
        || case when random() < 0.2 then '-' || family[1 + floor(random() * cardinality(family))::int] else '' end
        || '^' || given[1 + floor(random() * cardinality(given))::int]
        || case when random() < 0.4 then '^' || given[1 + floor(random() * cardinality(given))::int] else '' end,
      date '1930-01-01' + floor(random() * 29000)::int, case when random() < 0.5 then 'F' else 'M' end
    from generate_series(0, (${count}::int - 1) / 3) n,
      string_to_array(${FAMILY}, ' ') family, string_to_array(${GIVEN}, ' ') given`.execute(trx);
}

async function fillStudies(trx: Trx, facilityId: string): Promise<void> {
  await sql`
    insert into study (facility_id, patient_id, study_instance_uid, study_id, study_date, study_time, description,
      accession_number, referring_physician, patient_identifier, patient_name_folded, modalities, series_count,
      instance_count, byte_count)
    select ${facilityId}, p.id, '2.25.7' || lpad(n::text, 30, '0'), 'S' || n, study_date, study_time,
      modality || ' Chest', 'A' || lpad(n::text, 8, '0'), 'Abel^Ada', p.identifier, ${folded},
      array[modality], 1, 1, 1500
    from wanted join patient p
      on p.facility_id = ${facilityId} and p.identifier = 'P' || lpad((n / 3)::text, 7, '0')`.execute(trx);
}

async function fillInstances(trx: Trx, facilityId: string): Promise<void> {
  const upload = sql`select id from upload where facility_id = ${facilityId}`;
  await sql`
    insert into upload (facility_id, kind, opened_by, state)
    values (${facilityId}, 'device', 'bench', 'arrived')`.execute(trx);
  await sql`insert into blob (id, upload_id, state) select 'bench', id, 'ingested' from (${upload}) u`.execute(
    trx,
  );
  await sql`
    insert into series (study_id, series_instance_uid, modality, series_number, instance_count)
    select id, study_instance_uid || '.1', modalities[1], 1, 1 from study where facility_id = ${facilityId}`.execute(
    trx,
  );
  await sql`
    insert into metadata_part (series_id, body)
    select series.id, ${gzipSync('{}')} from series join study on study.id = series.study_id
    where facility_id = ${facilityId}`.execute(trx);
  await sql`
    insert into instance (study_id, series_id, sop_instance_uid, sop_class_uid, transfer_syntax_uid, instance_number,
      upload_id, blob_id, byte_offset, byte_length, sha256, crc32, metadata_part_id, metadata_line)
    select study.id, series.id, series_instance_uid || '.1', '1.2.840.10008.5.1.4.1.1.2', '1.2.840.10008.1.2.1', 1,
      (${upload}), 'bench', 0, 1500, '', 0, metadata_part.id, 0
    from study join series on series.study_id = study.id join metadata_part on metadata_part.series_id = series.id
    where facility_id = ${facilityId}`.execute(trx);
}
