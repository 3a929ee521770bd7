import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { aStudy } from '@filmpost/tests/world/dicom/study.ts';
import { type World, anExchange } from '@filmpost/tests/world/exchange.ts';
import { aFacility } from '@filmpost/tests/world/facility.ts';
import { aWriter, sendPack } from '@filmpost/tests/world/sending.ts';
import { anOpenedRequest } from '@filmpost/tests/world/visitors.ts';
import { admit, operator } from '../../access/gate/commands.ts';
import { takeStock } from './commands.ts';
import { storageState } from './queries.ts';
import { SHELVES, shelfDue } from './rules.ts';

let world: World;
before(async () => {
  world = await anExchange();
});
after(() => world.close());

async function aBlob(): Promise<string> {
  const { exchange } = world;
  const request = await anOpenedRequest(exchange, await aFacility(exchange, { slug: 'shelves' }));
  return sendPack(exchange, await aWriter(exchange, request), aStudy({ key: 'on a shelf' }).files);
}

test('each shelf has its turn within a day', () => {
  const turns = Array.from({ length: SHELVES }, (_, turn) => shelfDue(new Date(turn * 5 * 60_000)));
  assert.equal(new Set(turns).size, SHELVES);
});

test('a file that no row knows goes after a day; a known one, a young one and any other file stay', async () => {
  const { exchange } = world;
  const known = await aBlob();
  const shelf = known.slice(0, 2);
  const strange = shelf.padEnd(32, 'e');
  const other = `${exchange.blobs.path(known)}.note`;
  for (const file of [exchange.blobs.path(strange), other]) writeFileSync(file, 'left behind');
  const exists = () => [known, strange].map((id) => existsSync(exchange.blobs.path(id)));
  await takeStock(exchange, Number.parseInt(shelf, 16));
  assert.deepEqual(exists(), [true, true]);
  world.pass({ days: 1.1 });
  await takeStock(exchange, Number.parseInt(shelf, 16) ^ 1);
  assert.deepEqual(exists(), [true, true], 'on another shelf');
  await takeStock(exchange, Number.parseInt(shelf, 16));
  assert.deepEqual(exists(), [true, false]);
  assert.equal(existsSync(other), true);
});

test('a row whose file is gone is reported once and kept, and is right again when the file is back', async () => {
  const { exchange } = world;
  const { id } = await exchange.db.selectFrom('blob').select('id').executeTakeFirstOrThrow();
  const shelf = Number.parseInt(id.slice(0, 2), 16);
  const operate = await admit(exchange, operator(), { capability: 'exchange:operate', subject: {} });
  const missing = async () => (await storageState(exchange, operate)).missing.map((blob) => blob.id);
  const bytes = readFileSync(exchange.blobs.path(id));
  rmSync(exchange.blobs.path(id));
  await takeStock(exchange, shelf);
  await takeStock(exchange, shelf);
  assert.deepEqual(await missing(), [id]);
  const reports = await exchange.db
    .selectFrom('auditEntry')
    .select('subjectId')
    .where('action', '=', 'blob.missing')
    .execute();
  assert.deepEqual(reports, [{ subjectId: id }]);
  writeFileSync(exchange.blobs.path(id), bytes);
  await takeStock(exchange, shelf);
  assert.deepEqual(await missing(), []);
});
