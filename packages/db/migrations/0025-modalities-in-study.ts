import { type Kysely, sql } from 'kysely';

/**
 * Searches by Modalities in Study: the lists of modalities that studies have, few however many the studies, and
 * a mark of the list in the index by date. What is asked for is looked up among the lists; the index then leads to
 * the studies that have one of those, and to no others.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table modalities_in_study (modalities text[] not null)`.execute(db);
  // By hash: a list may be longer than what a btree takes.
  await sql`create index modalities_in_study_list on modalities_in_study using hash (modalities)`.execute(db);
  // Two who bring a new list at once both write it down: a list that is there twice is found once all the same, and
  // one that had to be alone would let the second wait until the first commits.
  await sql`
    create function study_tells_modalities() returns trigger language plpgsql as $$
    begin
      if not exists (select from modalities_in_study where modalities = new.modalities) then
        insert into modalities_in_study values (new.modalities);
      end if;
      return null;
    end $$`.execute(db);
  await sql`
    create trigger study_tells_modalities after insert on study
    for each row execute function study_tells_modalities()`.execute(db);
  await sql`
    create trigger study_tells_new_modalities after update of modalities on study
    for each row when (old.modalities is distinct from new.modalities)
    execute function study_tells_modalities()`.execute(db);
  // What others store meanwhile is told by the triggers, which wait for them.
  await sql`insert into modalities_in_study select distinct modalities from study`.execute(db);
  await sql`drop index study_by_date`.execute(db);
  await sql`
    create index study_by_date on study
      (facility_id, study_date desc nulls last, study_time desc, id, hash_array(modalities))
    include (patient_name_folded) where held_by_upload_id is null`.execute(db);
}
