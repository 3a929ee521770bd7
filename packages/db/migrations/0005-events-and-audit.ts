import { type Kysely, sql } from 'kysely';

/** What happened (replayable, one row a topic) and who did it (hash-chained, never updated). */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table event (
      sequence bigint primary key generated always as identity,
      topic text not null,
      kind text not null,
      payload jsonb not null,
      at timestamptz not null default now()
    )`.execute(db);
  await sql`create index event_topic on event (topic, sequence)`.execute(db);
  await sql`
    create table audit_entry (
      id bigint primary key generated always as identity,
      at timestamptz not null,
      facility_id uuid,
      actor_kind text not null,
      actor_id text not null,
      action text not null,
      outcome text not null check (outcome in ('success', 'refused')),
      subject_kind text not null,
      subject_id text not null,
      detail jsonb not null default '{}',
      address text not null default '',
      previous_hash bytea not null,
      hash bytea not null
    )`.execute(db);
  await sql`create index audit_facility on audit_entry (facility_id, id)`.execute(db);
  await sql`create index audit_subject on audit_entry (subject_kind, subject_id, id)`.execute(db);
  await sql`
    create function audit_is_append_only() returns trigger language plpgsql as $$
    begin raise exception 'audit entries are never changed or removed'; end $$`.execute(db);
  await sql`
    create trigger audit_append_only before update or delete or truncate on audit_entry
    for each statement execute function audit_is_append_only()`.execute(db);
  await sql`
    create table audited_view (
      session_hash bytea not null,
      study_id uuid not null references study on delete cascade,
      primary key (session_hash, study_id)
    )`.execute(db);
}
