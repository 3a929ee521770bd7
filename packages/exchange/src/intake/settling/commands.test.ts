import assert from 'node:assert/strict';
import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { type Study, aStudy } from '@filmpost/tests/world/dicom/study.ts';
import { type World, anExchange } from '@filmpost/tests/world/exchange.ts';
import { type Facility, aDevice, aFacility } from '@filmpost/tests/world/facility.ts';
import { aWriter, manifestOf, sendPack } from '@filmpost/tests/world/sending.ts';
import { storeFiles } from '@filmpost/tests/world/stored.ts';
import { anOpenedRequest, visitorWith, withKey } from '@filmpost/tests/world/visitors.ts';
import { forgetOldAttempts } from '../../access/attempts/commands.ts';
import { admit, operator } from '../../access/gate/commands.ts';
import { forgetOldEvents } from '../../events/commands.ts';
import { cancelRequest } from '../../requests/cancelling/commands.ts';
import { expectBlob } from '../blobs/commands.ts';
import { announce, deviceUpload, finishUpload, withdrawUpload } from '../commands.ts';
import { sweepIntake } from './commands.ts';

let world: World;
let facility: Facility;
let number = 0;
before(async () => {
  world = await anExchange();
  facility = await aFacility(world.exchange);
});
after(() => world.close());

async function aSentUpload() {
  const { exchange } = world;
  const request = await anOpenedRequest(exchange, facility);
  const writer = await aWriter(exchange, request);
  const study = aStudy({ key: `settled ${(number += 1)}` });
  await announce(exchange, writer, manifestOf(study));
  return { request, writer, study, blobId: await sendPack(exchange, writer, study.files) };
}

async function stateOf(table: 'upload' | 'request' | 'blob', id: string): Promise<string> {
  const row = await world.exchange.db
    .selectFrom(table)
    .select('state')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return row.state;
}

function studies({ studyInstanceUid }: Study) {
  return world.exchange.db
    .selectFrom('study')
    .select('id')
    .where('studyInstanceUid', '=', studyInstanceUid)
    .execute();
}

/** What a lost job leaves behind: rows that nobody works on. */
async function loseJobs(): Promise<void> {
  for (const queue of ['ingest-blob', 'settle-upload']) await world.exchange.boss.deleteQueuedJobs(queue);
}

test('work whose jobs were lost is found by the sweeper and done', async () => {
  const { exchange } = world;
  const { writer } = await aSentUpload();
  await finishUpload(exchange, writer);
  await loseJobs();
  await world.work();
  assert.equal(await stateOf('upload', writer.uploadId), 'sent');
  world.pass({ minutes: 6 });
  await sweepIntake(exchange);
  await world.work();
  await sweepIntake(exchange);
  assert.equal(await stateOf('upload', writer.uploadId), 'arrived');
});

test('an upload nobody finished within a week is given up, with its exams and bytes, and its request waits again', async () => {
  const { exchange } = world;
  const { request, writer, study, blobId } = await aSentUpload();
  await world.work();
  world.pass({ days: 7.1 });
  await sweepIntake(exchange);
  assert.equal(await stateOf('upload', writer.uploadId), 'abandoned');
  assert.equal(await stateOf('request', request.requestId), 'opened');
  assert.equal(await stateOf('blob', blobId), 'removed');
  assert.equal(existsSync(exchange.blobs.path(blobId)), false);
  assert.deepEqual(await studies(study), []);
});

test('what is under way for a request is taken back when the request is cancelled', async () => {
  const { exchange } = world;
  const { request, writer, study } = await aSentUpload();
  await world.work();
  const { requestId } = request;
  const watch = await admit(exchange, operator(), { capability: 'request:watch', subject: { requestId } });
  await cancelRequest(exchange, watch);
  assert.equal(await stateOf('upload', writer.uploadId), 'withdrawn');
  assert.equal(await stateOf('request', requestId), 'cancelled');
  assert.deepEqual(await studies(study), []);
});

test('an upload whose request was closed meanwhile is given up like any other, and stops no sweep', async () => {
  const { exchange } = world;
  const [closed, beside] = [await aSentUpload(), await aSentUpload()];
  const { requestId } = closed.request;
  await exchange.db.updateTable('request').set({ state: 'cancelled' }).where('id', '=', requestId).execute();
  world.pass({ days: 7.1 });
  await sweepIntake(exchange);
  assert.equal(await stateOf('upload', closed.writer.uploadId), 'abandoned');
  assert.equal(await stateOf('request', requestId), 'cancelled');
  assert.equal(await stateOf('upload', beside.writer.uploadId), 'abandoned');
});

test('the bytes of a withdrawn upload go with the next sweep', async () => {
  const { exchange } = world;
  const { writer, blobId } = await aSentUpload();
  await world.work();
  await withdrawUpload(exchange, writer);
  await sweepIntake(exchange);
  assert.equal(existsSync(exchange.blobs.path(blobId)), false);
});

test('a silent device’s upload is closed after half an hour; its next push opens another', async () => {
  const { exchange } = world;
  const device = await aDevice(exchange, facility);
  await storeFiles(exchange, facility, { files: aStudy({ key: 'pushed' }).files, device });
  const uploadId = await deviceUpload(exchange, device.store);
  world.pass({ minutes: 31 });
  await sweepIntake(exchange);
  assert.equal(await stateOf('upload', uploadId), 'confirmed');
  assert.notEqual(await deviceUpload(exchange, device.store), uploadId);
});

test('a device’s upload stays open under bytes that are still coming, and what broke off is removed in the end', async () => {
  const { exchange } = world;
  const device = await aDevice(exchange, facility);
  const uploadId = await deviceUpload(exchange, device.store);
  const visitor = await visitorWith(exchange, withKey(device.key));
  const writer = await admit(exchange, visitor, { capability: 'upload:write', subject: { uploadId } });
  const id = 'c'.repeat(32);
  await expectBlob(exchange, writer, { id, size: 10, contentKey: null, metadata: {} });
  world.pass({ minutes: 60 });
  await sweepIntake(exchange);
  assert.equal(await stateOf('upload', uploadId), 'open');
  world.pass({ days: 2 });
  await sweepIntake(exchange);
  assert.equal(await stateOf('upload', uploadId), 'confirmed');
  assert.equal(await stateOf('blob', id), 'removed');
});

test('series metadata is ready when an upload has arrived', async () => {
  const { exchange } = world;
  const { writer } = await aSentUpload();
  await finishUpload(exchange, writer);
  await world.work();
  const series = await exchange.db
    .selectFrom('series')
    .innerJoin('study', 'study.id', 'series.studyId')
    .select(['series.instanceCount', 'series.preparedCount'])
    .where('study.heldByUploadId', '=', writer.uploadId)
    .execute();
  assert.deepEqual(series, [{ instanceCount: 3, preparedCount: 3 }]);
});

test('an upload is not given up while a large file of it still comes in', async () => {
  const { exchange } = world;
  const { writer } = await aSentUpload();
  const id = 'd'.repeat(32);
  await expectBlob(exchange, writer, { id, size: 10, contentKey: null, metadata: {} });
  world.pass({ days: 7.1 });
  writeFileSync(exchange.blobs.path(id), 'abc');
  utimesSync(exchange.blobs.path(id), exchange.now(), exchange.now());
  await sweepIntake(exchange);
  assert.equal(await stateOf('upload', writer.uploadId), 'open');
  world.pass({ days: 7.1 });
  await sweepIntake(exchange);
  assert.equal(await stateOf('upload', writer.uploadId), 'abandoned');
  assert.equal(existsSync(exchange.blobs.path(id)), false);
});

test('old tries go after a month, old events of what has ended after a quarter, and audit never', async () => {
  const { exchange } = world;
  const [ended, running] = [await aSentUpload(), await aSentUpload()];
  await withdrawUpload(exchange, ended.writer);
  const count = async (table: 'attempt' | 'auditEntry') =>
    (await exchange.db.selectFrom(table).select('at').execute()).length;
  const events = async (topic: string) =>
    (await exchange.db.selectFrom('event').select('sequence').where('topic', '=', topic).execute()).length;
  const topics = [
    `upload:${ended.writer.uploadId}`,
    `request:${running.request.requestId}`,
    `facility:${facility.id}`,
  ];
  const counts = () => Promise.all(topics.map(events));
  const before = await counts();
  const audits = await count('auditEntry');
  assert.ok((await count('attempt')) > 0);
  await forgetOldEvents(exchange);
  assert.deepEqual(await counts(), before);
  world.pass({ days: 91 });
  await forgetOldEvents(exchange);
  await forgetOldAttempts(exchange);
  assert.deepEqual(await counts(), [0, ...before.slice(1)]);
  assert.equal(await count('attempt'), 0);
  assert.equal(await count('auditEntry'), audits);
});
