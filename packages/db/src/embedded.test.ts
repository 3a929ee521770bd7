import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import pg from 'pg';
import { startEmbeddedPostgres } from './embedded.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'filmpost-embedded-'));
after(() => rmSync(folder, { recursive: true, maxRetries: 20 }));
const directory = path.join(folder, 'pg');

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query(sql);
  await client.end();
  return rows;
}

test('what was committed is there after a stop and a start, at the same address', async () => {
  const first = await startEmbeddedPostgres({ directory, throwAway: true });
  await query(first.url, 'create table kept as select 7 as n');
  await first.stop();
  const second = await startEmbeddedPostgres({ directory, throwAway: true });
  assert.equal(second.url, first.url);
  assert.deepEqual(await query(second.url, 'select n from kept'), [{ n: 7 }]);
  await second.stop();
});

test('nothing listens on the network', async () => {
  const server = await startEmbeddedPostgres({ directory, throwAway: true });
  assert.deepEqual(await query(server.url, 'show listen_addresses'), [{ listen_addresses: '' }]);
  await server.stop();
});

test('a server killed outright tells its owner, and the next one recovers', async () => {
  const first = await startEmbeddedPostgres({ directory, throwAway: true });
  process.kill(first.pid, 'SIGKILL');
  await first.exited;
  const second = await startEmbeddedPostgres({ directory, throwAway: true });
  assert.deepEqual(await query(second.url, 'select n from kept'), [{ n: 7 }]);
  await second.stop();
});

test('a lock file that names a living stranger does not keep the server from starting', async () => {
  writeFileSync(path.join(directory, 'postmaster.pid'), `${process.pid}\n${directory}\n`);
  const server = await startEmbeddedPostgres({ directory, throwAway: true });
  await server.stop();
});

test(
  'the server ends with its owner, even by kill -9',
  { skip: process.platform !== 'linux' && 'Linux only' },
  async () => {
    const embedded = JSON.stringify(path.join(import.meta.dirname, 'embedded.ts'));
    const script = `import { startEmbeddedPostgres } from ${embedded};
    console.log((await startEmbeddedPostgres({ directory: ${JSON.stringify(directory)} })).pid);`;
    const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(owner.stdout, 'data');
    owner.kill('SIGKILL');
    // Starting waits for the predecessor, so coming up at all is the proof that it went.
    const next = await startEmbeddedPostgres({ directory, throwAway: true });
    await next.stop();
  },
);

test('a folder whose path is too long for a socket works all the same', async () => {
  const deep = path.join(folder, 'd'.repeat(60), 'e'.repeat(60), 'pg');
  const server = await startEmbeddedPostgres({ directory: deep, throwAway: true });
  assert.deepEqual(await query(server.url, 'select 1 as one'), [{ one: 1 }]);
  await server.stop();
  rmSync(decodeURIComponent(new URL(server.url).searchParams.get('host') ?? ''), { recursive: true });
});

test('a folder that was cut short while being made is made anew, one with other things in it is left alone', async () => {
  const half = path.join(folder, 'half');
  mkdirSync(`${half}.new`);
  writeFileSync(path.join(`${half}.new`, 'PG_VERSION'), '18\n');
  const server = await startEmbeddedPostgres({ directory: half, throwAway: true });
  await server.stop();

  const foreign = path.join(folder, 'foreign');
  mkdirSync(foreign);
  writeFileSync(path.join(foreign, 'letter.txt'), 'dear');
  await assert.rejects(startEmbeddedPostgres({ directory: foreign, throwAway: true }));
  assert.ok(existsSync(path.join(foreign, 'letter.txt')));
});

const isRoot = process.getuid?.() === 0;

test(
  'root without user namespaces, as in many containers, has the server run as nobody',
  { skip: !isRoot && 'needs root' },
  () => {
    const programs = path.join(folder, 'programs');
    mkdirSync(programs);
    for (const name of ['setpriv', 'true', 'chown']) {
      const found = spawnSync('which', [name], { encoding: 'utf8' }).stdout.trim();
      if (found) symlinkSync(found, path.join(programs, name));
    }
    chmodSync(folder, 0o755);
    const script = `import { startEmbeddedPostgres } from ${JSON.stringify(path.join(import.meta.dirname, 'embedded.ts'))};
    const options = { directory: ${JSON.stringify(path.join(folder, 'nobodys'))}, throwAway: true };
    for (const time of [1, 2]) await (await startEmbeddedPostgres(options)).stop();`;
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, PATH: programs },
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    assert.notEqual(statSync(path.join(folder, 'nobodys')).uid, 0);
  },
);
