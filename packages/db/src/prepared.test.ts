import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { PreparedReads } from './prepared.ts';
import { type TestDatabase, aDatabase } from './test-database.ts';

let database: TestDatabase;
let reads: PreparedReads;
before(async () => {
  database = await aDatabase();
  reads = new PreparedReads(database.url);
});
after(async () => {
  await reads.close();
  await database.drop();
});

const many = Array.from({ length: 100 }, (_, i) => i);
const SUM = 'select $1::int + 1 as sum';

test('a text is prepared once a connection, whatever the values', async () => {
  assert.deepEqual(await reads.rows(SUM, [1]), [{ sum: 2 }]);
  assert.deepEqual(await reads.rows(SUM, [41]), [{ sum: 42 }]);
  const prepared = 'select count(*) as statements from pg_prepared_statements where statement = $1';
  assert.deepEqual(await reads.rows(prepared, [SUM]), [{ statements: 1 }]);
});

test('a hundred who ask at once are each answered what they asked, over a few connections', async () => {
  const answers = await Promise.all(
    many.map((i) => reads.rows('select $1::int as number, pg_backend_pid() as pid', [i])),
  );
  assert.deepEqual(
    answers.map(([row]) => row && 'number' in row && row.number),
    many,
  );
  const pids = new Set(answers.map(([row]) => row && 'pid' in row && row.pid));
  assert.ok(pids.size >= 1 && pids.size <= 4, `${pids.size} connections`);
});

test('a question that fails, fails alone', async () => {
  const answers = await Promise.allSettled(
    many.map((i) => reads.rows('select 1 / ($1::int % 10) as share', [i])),
  );
  assert.deepEqual(
    answers.map(({ status }) => status),
    many.map((i) => (i % 10 === 0 ? 'rejected' : 'fulfilled')),
  );
});

test('nothing is written', async () => {
  await assert.rejects(reads.rows('create table written (id int)', []), /read-only/);
});

test('a connection remembers a bounded number of statements', async () => {
  for (let i = 0; i < 300; i++)
    assert.deepEqual(await reads.rows(`select ${i} as number`, []), [{ number: i }]);
  const [row] = await reads.rows('select count(*) < 260 as few from pg_prepared_statements', []);
  assert.deepEqual(row, { few: true });
});

test('when PostgreSQL drops the connections, the next question is answered again', async () => {
  const killer = new pg.Client({ connectionString: database.url });
  await killer.connect();
  const dropAll = `select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`;
  const waiting = reads.rows('select pg_sleep(60)', []);
  const failed = assert.rejects(waiting);
  // Until the question has reached PostgreSQL there may be nothing to drop.
  const asked = `select 1 from pg_stat_activity where query = 'select pg_sleep(60)' and state = 'active'`;
  while ((await killer.query(asked)).rowCount === 0);
  await killer.query(dropAll);
  await failed;
  await killer.end();
  assert.deepEqual(await reads.rows(SUM, [1]), [{ sum: 2 }]);
});
