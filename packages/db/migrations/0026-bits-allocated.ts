import { gunzipSync } from 'node:zlib';
import { type Kysely, sql } from 'kysely';

/** Bits Allocated of each image (PS3.18 table 10.6.3-5). Those that are there already say it in their metadata. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table instance add column bits_allocated int`.execute(db);
  for (let after = 0; ;) {
    const { rows } = await sql<Part>`
      select id, series_id as series, body from metadata_part where id > ${after} order by id limit 100`.execute(
      db,
    );
    for (const part of rows) await tell(db, part);
    const last = rows.at(-1);
    if (!last) return;
    after = last.id;
  }
}

interface Part {
  id: number;
  series: string;
  body: Buffer;
}

/** Each line is the DICOM JSON of one instance, all of one series, by which an index finds them. */
async function tell(db: Kysely<unknown>, { id, series, body }: Part): Promise<void> {
  const bits = gunzipSync(body).toString('utf8').split('\n').map(bitsAllocated);
  if (bits.every((each) => each === null)) return;
  await sql`
    update instance set bits_allocated = told.bits
    from unnest(${bits}::int[]) with ordinality as told (bits, line)
    where instance.series_id = ${series} and instance.metadata_part_id = ${id} and instance.metadata_line = told.line - 1`.execute(
    db,
  );
}

function bitsAllocated(line: string): number | null {
  if (!line.includes('"00280100"')) return null;
  const dataSet: Record<string, { Value?: unknown[] }> = JSON.parse(line);
  const bits = dataSet['00280100']?.Value?.[0];
  return typeof bits === 'number' && Number.isInteger(bits) && Math.abs(bits) < 2 ** 31 ? bits : null;
}
