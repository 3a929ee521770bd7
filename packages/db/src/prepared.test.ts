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

test('and planned once, though plans for each value would look cheap', async () => {
  for (const value of many) await reads.rows(SUM, [value]);
  const planned = 'select sum(custom_plans)::int as anew from pg_prepared_statements where statement = $1';
  assert.deepEqual(await reads.rows(planned, [SUM]), [{ anew: 0 }]);
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

test('when PostgreSQL drops every connection, whoever waits is answered over another', async () => {
  const other = new pg.Client({ connectionString: database.url });
  await other.connect();
  await other.query('select pg_advisory_lock(7)');
  const waiting = reads.rows(`select pg_advisory_xact_lock_shared(7)::text is not null as answered`, []);
  const mine = 'datname = current_database() and pid <> pg_backend_pid()';
  const asked = `select 1 from pg_stat_activity where ${mine} and wait_event = 'advisory'`;
  while ((await other.query(asked)).rowCount === 0);
  await other.query(`select pg_terminate_backend(pid) from pg_stat_activity where ${mine}`);
  await other.query('select pg_advisory_unlock(7)');
  assert.deepEqual(await waiting, [{ answered: true }]);
  assert.deepEqual(await reads.rows(SUM, [1]), [{ sum: 2 }]);
  await other.end();
});
