import { gunzipSync } from 'node:zlib';
import { type Kysely, sql } from 'kysely';

/**
 * When a series was made and what had asked for it (PS3.18 table 10.6.1-5). The two lists are the items of the Request
 * Attributes Sequence, place by place. Series that are there already are told by their first instance.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table series
      add column procedure_step_date date,
      add column procedure_step_time text not null default '',
      add column scheduled_step_ids text[] not null default '{}',
      add column requested_procedure_ids text[] not null default '{}'`.execute(db);
  for (let after: string | null = null; ;) {
    const { rows }: { rows: Described[] } = await described(db, after);
    for (const row of rows) await tell(db, row);
    after = rows.at(-1)?.id ?? null;
    if (after === null) return;
  }
}

interface Described {
  id: string;
  body: Buffer;
  line: number;
}

function described(db: Kysely<unknown>, after: string | null) {
  return sql<Described>`
    select series.id, metadata_part.body, first.metadata_line as line
    from series cross join lateral (
      select metadata_part_id, metadata_line from instance where instance.series_id = series.id
      order by instance_number, id limit 1
    ) first join metadata_part on metadata_part.id = first.metadata_part_id
    where ${after}::uuid is null or series.id > ${after}::uuid
    order by series.id limit 100`.execute(db);
}

interface JsonAttribute {
  Value?: unknown[];
}
type DataSet = Record<string, JsonAttribute | undefined>;

async function tell(db: Kysely<unknown>, { id, body, line }: Described): Promise<void> {
  const text = gunzipSync(body).toString('utf8').split('\n')[line] ?? '{}';
  const dataSet: DataSet = JSON.parse(text);
  const items = (dataSet['00400275']?.Value ?? []) as DataSet[];
  const date = /^\d{8}$/.exec(textOf(dataSet, '00400244'))?.[0] ?? null;
  const time = /^\d{2}[\d:.]*/.exec(textOf(dataSet, '00400245'))?.[0].slice(0, 16) ?? '';
  if (items.length === 0 && date === null && time === '') return;
  await sql`
    update series set
      procedure_step_date = case when pg_input_is_valid(${date}, 'date') then ${date}::date end,
      procedure_step_time = ${time},
      scheduled_step_ids = ${items.map((item) => textOf(item, '00400009'))}::text[],
      requested_procedure_ids = ${items.map((item) => textOf(item, '00401001'))}::text[]
    where id = ${id}`.execute(db);
}

function textOf(dataSet: DataSet, tag: string): string {
  const value = dataSet[tag]?.Value?.[0];
  return typeof value === 'string' ? value.slice(0, 400) : '';
}
