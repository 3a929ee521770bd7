import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { anInstance } from '@filmpost/tests/world/dicom/instance.ts';
import { aStudy } from '@filmpost/tests/world/dicom/study.ts';
import { type World, anExchange } from '@filmpost/tests/world/exchange.ts';
import { type Facility, aFacility } from '@filmpost/tests/world/facility.ts';
import { aWriter, sendBytes, sendPack } from '@filmpost/tests/world/sending.ts';
import { anOpenedRequest } from '@filmpost/tests/world/visitors.ts';
import type { Granted } from '../access/gate/schema.ts';
import { ingestBlobs } from './commands.ts';

let world: World;
let facility: Facility;
let number = 0;
before(async () => {
  world = await anExchange();
  facility = await aFacility(world.exchange);
});
after(() => world.close());

async function aFreshWriter(): Promise<Granted<'upload:write'>> {
  return aWriter(world.exchange, await anOpenedRequest(world.exchange, facility));
}

function someStudy() {
  return aStudy({ key: `ingested ${(number += 1)}` });
}

async function setAside(writer: Granted<'upload:write'>) {
  const rows = await world.exchange.db
    .selectFrom('setAside')
    .select(['name', 'reason'])
    .where('uploadId', '=', writer.uploadId)
    .orderBy('id')
    .execute();
  return rows.map(({ name, reason }) => `${name}: ${reason}`);
}

async function instancesOf(writer: Granted<'upload:write'>) {
  return world.exchange.db
    .selectFrom('instance')
    .select(['sopInstanceUid', 'blobId', 'byteOffset', 'byteLength', 'sha256'])
    .where('uploadId', '=', writer.uploadId)
    .orderBy('id')
    .execute();
}

const names = <T extends { path: string }>(files: readonly T[], reason: string) =>
  files.map(({ path }) => `${path}: ${reason}`);

test('an instance is a stretch of the blob, byte for byte, with its digest', async () => {
  const { exchange } = world;
  const writer = await aFreshWriter();
  const study = someStudy();
  await ingestBlobs(exchange, [await sendPack(exchange, writer, study.files)]);
  const rows = await instancesOf(writer);
  assert.equal(rows.length, study.files.length);
  for (const row of rows) {
    const file = study.files.find(({ sopInstanceUid }) => sopInstanceUid === row.sopInstanceUid);
    const stored = await exchange.blobs.read(row.blobId, row.byteOffset, row.byteLength);
    assert.ok(file && stored.equals(file.bytes));
    assert.deepEqual(row.sha256, createHash('sha256').update(stored).digest());
  }
});

test('a blob that is ingested twice adds nothing, also when two workers do it at once', async () => {
  const { exchange } = world;
  const writer = await aFreshWriter();
  const blob = await sendPack(exchange, writer, someStudy().files);
  await Promise.all(Array.from({ length: 4 }, () => ingestBlobs(exchange, [blob])));
  await ingestBlobs(exchange, [blob]);
  assert.equal((await instancesOf(writer)).length, 3);
  assert.deepEqual(await setAside(writer), []);
});

test('a pack of more files than one statement takes is understood, however little they are worth', async () => {
  const { exchange } = world;
  const writer = await aFreshWriter();
  const files = Array.from({ length: 10_000 }, (_, at) => ({
    path: `F${at}`,
    bytes: Buffer.from([at % 256]),
  }));
  await ingestBlobs(exchange, [await sendPack(exchange, writer, files)]);
  assert.equal((await setAside(writer)).length, files.length);
});

test('every empty file is counted, also those of a pack that begin at the same byte', async () => {
  const { exchange } = world;
  const writer = await aFreshWriter();
  const files = ['one', 'two', 'three'].map((path) => ({ path, bytes: Buffer.alloc(0) }));
  const blob = await sendPack(exchange, writer, files);
  await ingestBlobs(exchange, [blob]);
  await exchange.db.updateTable('blob').set({ state: 'received' }).where('id', '=', blob).execute();
  await ingestBlobs(exchange, [blob]);
  assert.deepEqual(await setAside(writer), names(files, 'empty'));
});

test('a disc sent twice is there once, the second set aside as duplicates', async () => {
  const { exchange } = world;
  const writer = await aFreshWriter();
  const { files } = someStudy();
  const blobs = [await sendPack(exchange, writer, files), await sendPack(exchange, writer, files)];
  await Promise.all(blobs.map((blob) => ingestBlobs(exchange, [blob])));
  assert.equal((await instancesOf(writer)).length, files.length);
  assert.deepEqual(await setAside(writer), names(files, 'duplicate'));
});

test('other bytes under a known identity are kept aside, and the first stay as they were', async () => {
  const { exchange } = world;
  const writer = await aFreshWriter();
  const study = someStudy();
  const [first] = study.files;
  assert.ok(first);
  const other = anInstance({ study: study.context, pattern: 99 });
  assert.equal(other.sopInstanceUid, first.sopInstanceUid);
  await ingestBlobs(exchange, [await sendPack(exchange, writer, study.files)]);
  await ingestBlobs(exchange, [await sendPack(exchange, writer, [{ path: 'OTHER', bytes: other.bytes }])]);
  const known = (await instancesOf(writer)).find((row) => row.sopInstanceUid === first.sopInstanceUid);
  assert.deepEqual(known?.sha256, createHash('sha256').update(first.bytes).digest());
  assert.deepEqual(await setAside(writer), ['OTHER: conflict']);
});

test('what is no image is set aside with its reason, and the good files beside it go through', async () => {
  const { exchange } = world;
  const writer = await aFreshWriter();
  const study = someStudy();
  const [whole] = study.files;
  assert.ok(whole);
  const emoji = `${'🩻'.repeat(150)}.dcm`;
  const files = [
    { path: 'empty', bytes: new Uint8Array() },
    { path: 'AUTORUN.INF', bytes: Buffer.from('[autorun]\r\nopen=viewer.exe\r\n') },
    { path: 'truncated', bytes: whole.bytes.subarray(0, 400) },
    {
      path: 'pretends',
      bytes: Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), Buffer.alloc(500, 7)]),
    },
    { path: emoji, bytes: whole.bytes },
    ...study.files.slice(1),
  ];
  await ingestBlobs(exchange, [await sendPack(exchange, writer, files)]);
  assert.equal((await instancesOf(writer)).length, study.files.length);
  const reasons = await setAside(writer);
  assert.deepEqual(
    reasons.map((line) => line.split(':')[0]),
    ['empty', 'AUTORUN.INF', 'truncated', 'pretends'],
  );
  assert.equal(reasons[0], 'empty: empty');
});

test('identities that no database could index are refused like missing ones', async () => {
  const { exchange } = world;
  const writer = await aFreshWriter();
  const uid = `1.${'2'.repeat(5000)}`;
  const bad = ['StudyInstanceUID', 'SeriesInstanceUID', 'SOPInstanceUID'].map((attribute) => ({
    path: attribute,
    bytes: anInstance({ study: { key: 'long' }, attributes: { [attribute]: uid } }).bytes,
  }));
  const study = someStudy();
  await ingestBlobs(exchange, [await sendPack(exchange, writer, [...bad, ...study.files])]);
  assert.deepEqual(await setAside(writer), names(bad, 'no-identity'));
  assert.equal((await instancesOf(writer)).length, study.files.length);
});

test('a pack that does not add up is set aside as a whole', async () => {
  const { exchange } = world;
  const writer = await aFreshWriter();
  const lying = Buffer.from('FPK1\u0010\0\0\0[["IM1",1000000]]', 'latin1');
  await ingestBlobs(exchange, [await sendBytes(exchange, writer, lying)]);
  assert.deepEqual(await setAside(writer), ['pack: malformed-pack']);
});

test('bytes that vanished from the disk hold up no other upload', async () => {
  const { exchange } = world;
  const [unlucky, lucky] = [await aFreshWriter(), await aFreshWriter()];
  const lost = await sendPack(exchange, unlucky, someStudy().files);
  const beside = await sendPack(exchange, unlucky, someStudy().files);
  const elsewhere = await sendPack(exchange, lucky, someStudy().files);
  await exchange.blobs.remove(lost);
  await assert.rejects(ingestBlobs(exchange, [lost, beside, elsewhere]), /ENOENT/);
  assert.equal((await instancesOf(unlucky)).length, 3);
  assert.equal((await instancesOf(lucky)).length, 3);
});

test('two packs of one study at once become one study with everything in it', async () => {
  const { exchange } = world;
  const writer = await aFreshWriter();
  const study = aStudy({ key: 'in halves', series: [{ instances: 6 }, { modality: 'MR', instances: 6 }] });
  const packs = [study.files.filter((_, i) => i % 2 === 0), study.files.filter((_, i) => i % 2 === 1)];
  const blobs = await Promise.all(packs.map((files) => sendPack(exchange, writer, files)));
  await Promise.all(blobs.map((blob) => ingestBlobs(exchange, [blob])));
  const row = await exchange.db
    .selectFrom('study')
    .select(['instanceCount', 'seriesCount', 'modalities', 'byteCount'])
    .where('heldByUploadId', '=', writer.uploadId)
    .execute();
  const bytes = study.files.reduce((sum, file) => sum + file.bytes.length, 0);
  assert.deepEqual(row, [{ instanceCount: 12, seriesCount: 2, modalities: ['CT', 'MR'], byteCount: bytes }]);
});

test('a thousand damaged images stop nothing: each is an instance or is set aside', async () => {
  const { exchange } = world;
  const writer = await aFreshWriter();
  const whole = anInstance({ study: { key: 'damaged' }, rows: 4, columns: 4 }).bytes;
  const files = Array.from({ length: 1000 }, (_, i) => ({ path: `D${i}`, bytes: damaged(whole, i + 1) }));
  await ingestBlobs(exchange, [await sendPack(exchange, writer, files)]);
  const stored = await instancesOf(writer);
  const refused = await setAside(writer);
  assert.equal(stored.length + refused.length, files.length);
  assert.ok(stored.length > 0 && refused.length > 0, `${stored.length} stored, ${refused.length} set aside`);
  assert.deepEqual(
    refused.filter((line) => line.endsWith(': unreadable')),
    [],
    'the reader never stumbles',
  );
});

/** A few bytes changed, by a small generator that gives the same damage in every run (Park and Miller, 1988). */
function damaged(whole: Uint8Array, seed: number): Uint8Array {
  const bytes = whole.slice();
  let state = seed * 7919;
  const random = (below: number) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
  for (let i = 0; i < 1 + random(6); i++) bytes[132 + random(bytes.length - 132)] = random(256);
  return bytes;
}
