import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import pg from 'pg';
import { aDatabase } from './test-database.ts';

async function facilities(url: string): Promise<number> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query<{ n: number }>('select count(*)::int as n from facility');
  await client.end();
  return rows[0]?.n ?? -1;
}

test('databases asked for side by side are migrated, empty and apart from each other', async () => {
  const [one, other] = await Promise.all([aDatabase(), aDatabase()]);
  const client = new pg.Client(one.url);
  await client.connect();
  await client.query(`insert into facility (slug, name) values ('northgate', 'Northgate')`);
  await client.end();
  assert.equal(await facilities(one.url), 1);
  assert.equal(await facilities(other.url), 0);
  await Promise.all([one.drop(), other.drop()]);
});

test('a dropped database is gone, even when somebody still holds a connection to it', async () => {
  const database = await aDatabase();
  const client = new pg.Client(database.url);
  const lost = new Promise((resolve) => client.on('error', resolve));
  await client.connect();
  await database.drop();
  assert.ok(await lost);
  await assert.rejects(facilities(database.url), /does not exist/);
});

test('a process that ends in the middle leaves no cluster behind', () => {
  const module = JSON.stringify(path.join(import.meta.dirname, 'test-database.ts'));
  const script = `import { startTestCluster } from ${module};
    const { url } = await startTestCluster(); console.log(url); process.exit();`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  const socket = new URL(stdout.trim()).searchParams.get('host');
  assert.ok(socket);
  assert.equal(existsSync(path.dirname(socket)), false);
});
