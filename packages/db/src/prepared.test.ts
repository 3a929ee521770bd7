import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CompiledQuery } from 'kysely';
import { type DatabaseConnection, createDatabase } from './client.ts';
import { PREPARED } from './prepared.ts';
import { type TestDatabase, aDatabase } from './test-database.ts';

let database: TestDatabase;
let connection: DatabaseConnection;
before(async () => {
  database = await aDatabase();
  connection = createDatabase(database.url, 1);
});
after(async () => {
  await connection.destroy();
  await database.drop();
});

async function ask(text: string, parameters: unknown[]): Promise<unknown[]> {
  const { rows } = await connection.db.executeQuery(CompiledQuery.raw(text, parameters));
  return rows;
}

test('a marked statement is prepared once and asked with other values; others are not prepared', async () => {
  const marked = `${PREPARED}select $1::int + 1 as sum`;
  assert.deepEqual(await ask(marked, [1]), [{ sum: 2 }]);
  assert.deepEqual(await ask(marked, [41]), [{ sum: 42 }]);
  assert.deepEqual(await ask('select $1::int as one', [1]), [{ one: 1 }]);
  const prepared = 'select count(*) as statements from pg_prepared_statements where statement = any($1)';
  assert.deepEqual(await ask(prepared, [[marked, 'select $1::int as one']]), [{ statements: 1 }]);
});

test('a connection remembers a bounded number of statements', async () => {
  for (let i = 0; i < 300; i++) {
    assert.deepEqual(await ask(`${PREPARED}select ${i} as number`, []), [{ number: i }]);
  }
  const [row] = await ask('select count(*) < 260 as few from pg_prepared_statements', []);
  assert.deepEqual(row, { few: true });
});
