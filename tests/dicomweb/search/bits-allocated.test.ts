import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type Kysely, sql } from 'kysely';
import { up } from '../../../packages/db/migrations/0026-bits-allocated.ts';
import { type Clinic, aClinic, valueOf } from './clinic.ts';

let clinic: Clinic;
before(async () => {
  clinic = await aClinic();
});
after(() => clinic.world.close());

async function bitsOfAll(): Promise<Map<unknown, unknown>> {
  const { results } = await clinic.ask('/instances');
  return new Map(results.map((each) => [valueOf(each, '00080018'), valueOf(each, '00280100')]));
}

test('images say how many bits each of their samples takes, and are found by it (PS3.18 table 10.6.3-5)', async () => {
  const all = await bitsOfAll();
  const { results } = await clinic.ask('/instances?BitsAllocated=16');
  const sixteen = [...all].filter(([, bits]) => bits === 16);
  assert.ok(sixteen.length > 5);
  assert.deepEqual(
    new Set(results.map((each) => valueOf(each, '00080018'))),
    new Set(sixteen.map(([uid]) => uid)),
  );
  for (const [uid, bits] of all) {
    const metadata = await clinic.ask(`/instances?SOPInstanceUID=${String(uid)}&includefield=BitsStored`);
    assert.equal(valueOf(metadata.results[0], '00280101') === undefined, bits === undefined, String(uid));
  }
});

test('images from before that was kept say it too', async () => {
  const { db } = clinic.world.exchange;
  const before = await bitsOfAll();
  await sql`alter table instance drop column bits_allocated`.execute(db);
  // Migrations know no types of tables.
  await up(db as unknown as Kysely<unknown>);
  assert.deepEqual(await bitsOfAll(), before);
});

test('a number that no column holds is none, and holds nobody up', async () => {
  const { db } = clinic.world.exchange;
  const hostile = gzipSync('{"00280100":{"vr":"UL","Value":[4294967295]}}');
  await sql`update metadata_part set body = ${hostile}`.execute(db);
  await sql`alter table instance drop column bits_allocated`.execute(db);
  await up(db as unknown as Kysely<unknown>);
  assert.deepEqual(new Set((await bitsOfAll()).values()), new Set([undefined]));
});
