import { type Kysely, sql } from 'kysely';

/**
 * Searching: each study keeps its QIDO-RS answer (PS3.18 Annex F, Table 10.6.3-3) as text, in two pieces between
 * which the root of the Retrieve URL belongs, and indexes lead from what is asked to the newest studies that match.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await attributeFunctions(db);
  await answers(db);
  await freshPages(db);
  await studyIndexes(db);
  await patientNames(db);
  // Equality is all that is asked of UIDs, and there is one for each image.
  await sql`create index series_uid on series using hash (series_instance_uid)`.execute(db);
  await sql`create index instance_uid on instance using hash (sop_instance_uid)`.execute(db);
}

/** to_json and to_char depend on settings for other types and formats only, so these are as immutable as they say. */
async function attributeFunctions(db: Kysely<unknown>): Promise<void> {
  const language = sql`language plpgsql immutable parallel safe`;
  await sql`
    create function dicom_json(tag text, vr text, value text) returns text ${language} as $$
    begin
      return '"' || tag || '":{"vr":"' || vr
        || case when coalesce(value, '') = '' then '"}' else '","Value":[' || to_json(value) || ']}' end;
    end $$`.execute(db);
  await sql`
    create function dicom_json(tag text, vr text, vals text[]) returns text ${language} as $$
    begin
      vals := array_remove(vals, '');
      return '"' || tag || '":{"vr":"' || vr
        || case when cardinality(vals) = 0 then '"}' else '","Value":' || array_to_json(vals) || '}' end;
    end $$`.execute(db);
  await sql`
    create function dicom_json(tag text, vr text, value date) returns text ${language} as $$
    begin
      return dicom_json(tag, vr, to_char(value, 'YYYYMMDD'));
    end $$`.execute(db);
  await sql`
    create function dicom_json(tag text, vr text, value int) returns text ${language} as $$
    begin
      return '"' || tag || '":{"vr":"' || vr || coalesce('","Value":[' || value || ']}', '"}');
    end $$`.execute(db);
  await sql`
    create function dicom_json_name(tag text, alphabetic text, ideographic text, phonetic text) returns text
    ${language} as $$
    begin
      return '"' || tag || '":{"vr":"PN' || case when alphabetic || ideographic || phonetic = '' then '"}' else
        '","Value":[' || json_strip_nulls(json_build_object('Alphabetic', nullif(alphabetic, ''),
          'Ideographic', nullif(ideographic, ''), 'Phonetic', nullif(phonetic, ''))) || ']}' end;
    end $$`.execute(db);
  // Devices send UIDs that are none; in a Retrieve URL each must stay one segment of a path, and JSON.
  await sql`
    create function url_segment(value text) returns text ${language} as $$
    begin
      if value ~ '^[0-9.]*$' then return value; end if;
      return (select string_agg(case when c ~ '^[A-Za-z0-9._-]$' then c
          else upper(regexp_replace(encode(convert_to(c, 'UTF8'), 'hex'), '(..)', '%\\1', 'g')) end, '' order by n)
        from regexp_split_to_table(value, '') with ordinality as t (c, n));
    end $$`.execute(db);
}

async function answers(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table patient add column qido text not null generated always as (
      dicom_json_name('00100010', name, name_ideographic, name_phonetic)
      || ',' || dicom_json('00100020', 'LO', identifier)
      || ',' || dicom_json('00100021', 'LO', issuer)
      || ',' || dicom_json('00100030', 'DA', birth_date)
      || ',' || dicom_json('00100040', 'CS', sex)) stored`.execute(db);
  await sql`alter table study add column patient_qido text not null default ''`.execute(db);
  await sql`create index study_patient on study (patient_id)`.execute(db);
  await sql`update study set patient_qido = patient.qido from patient where patient.id = patient_id`.execute(
    db,
  );
  await sql`
    alter table study
      add column qido_head text not null generated always as (
        '{"00080005":{"vr":"CS","Value":["ISO_IR 192"]}'
        || ',' || dicom_json('00080020', 'DA', study_date)
        || ',' || dicom_json('00080030', 'TM', study_time)
        || ',' || dicom_json('00080050', 'SH', accession_number)
        || ',"00080056":{"vr":"CS","Value":["ONLINE"]}'
        || ',' || dicom_json('00080061', 'CS', modalities)
        || ',' || dicom_json('00080080', 'LO', institution)
        || ',' || dicom_json_name('00080090', referring_physician, '', '')
        || ',' || dicom_json('00081030', 'LO', description)
        || ',"00081190":{"vr":"UR","Value":["') stored,
      add column qido_tail text not null generated always as (
        '/' || url_segment(study_instance_uid) || '"]},' || patient_qido
        || ',' || dicom_json('0020000D', 'UI', study_instance_uid)
        || ',' || dicom_json('00200010', 'SH', study_id)
        || ',' || dicom_json('00201206', 'IS', series_count)
        || ',' || dicom_json('00201208', 'IS', instance_count) || '}') stored`.execute(db);
  await followPatients(db);
}

/** A patient's attributes are repeated in each of its studies: a search of a hundred studies then reads one table. */
async function followPatients(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function study_tells_patient() returns trigger language plpgsql as $$
    begin
      new.patient_qido := (select qido from patient where id = new.patient_id);
      return new;
    end $$`.execute(db);
  await sql`
    create trigger study_tells_patient before insert or update of patient_id on study
    for each row execute function study_tells_patient()`.execute(db);
  await sql`
    create function patient_tells_studies() returns trigger language plpgsql as $$
    begin
      update study set patient_qido = new.qido where patient_id = new.id;
      return null;
    end $$`.execute(db);
  await sql`
    create trigger patient_tells_studies after update on patient
    for each row when (old.qido is distinct from new.qido) execute function patient_tells_studies()`.execute(
    db,
  );
}

/**
 * Many searches read an index alone, which needs pages that are known to be visible to all: the newest are, when they
 * are vacuumed soon. Counts change with each batch of images; room on the page keeps that out of the indexes.
 */
async function freshPages(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table study set (fillfactor = 85, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
      autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 1000)`.execute(db);
}

/** The order of answers is newest first; whatever leads to matches keeps it, or holds what is needed to restore it. */
async function studyIndexes(db: Kysely<unknown>): Promise<void> {
  for (const index of ['study_by_date', 'study_by_patient', 'study_by_accession']) {
    await sql`drop index ${sql.ref(index)}`.execute(db);
  }
  await sql`
    create index study_by_date on study (facility_id, study_date desc nulls last, study_time desc, id)
    include (patient_name_folded) where held_by_upload_id is null`.execute(db);
  await sql`
    create index study_by_name_prefix on study
      (facility_id, patient_name_folded text_pattern_ops, study_date, study_time, id)
    where held_by_upload_id is null`.execute(db);
  await sql`create index study_by_patient on study (facility_id, patient_identifier text_pattern_ops)`.execute(
    db,
  );
  await sql`create index study_by_accession on study (facility_id, accession_number text_pattern_ops)`.execute(
    db,
  );
}

/**
 * The ideographic and phonetic groups of names (PS3.5 6.2.1.1), folded as far as PostgreSQL folds: lower case, one
 * space for whatever separates components, each group between equals signs.
 */
async function patientNames(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function lowered_names(value text) returns text language plpgsql immutable parallel safe as $$
    begin
      if value = '' then return ''; end if;
      value := regexp_replace(lower(normalize(value, NFKC)), '[\\^,.''’[:space:]-]+', ' ', 'g');
      return regexp_replace('=' || value || '=', ' *= *', '=', 'g');
    end $$`.execute(db);
  await sql`
    alter table patient add column other_names text not null generated always as (
      case when name_ideographic || name_phonetic = '' then ''
        else lowered_names(name_ideographic || '=' || name_phonetic) end) stored`.execute(db);
  await sql`
    create index patient_by_other_name on patient using gin (other_names gin_trgm_ops)
    where other_names <> ''`.execute(db);
}
