import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { aStudy } from '@filmpost/tests/world/dicom/study.ts';
import { type World, anExchange } from '@filmpost/tests/world/exchange.ts';
import { type Device, type Facility, aDevice, aFacility } from '@filmpost/tests/world/facility.ts';
import { ryan } from '@filmpost/tests/world/people.ts';
import { aWriter, manifestOf, sendPack } from '@filmpost/tests/world/sending.ts';
import { storeFiles } from '@filmpost/tests/world/stored.ts';
import { anOpenedRequest } from '@filmpost/tests/world/visitors.ts';
import { manifest } from '../schema.ts';
import { announce, confirmUpload, finishUpload, withdrawUpload } from '../commands.ts';
import { monitorTotals, monitoredModalities, monitoredUploads } from './queries.ts';
import { monitorFilter, monitorStretch } from './schema.ts';

let world: World;
let facility: Facility;
let device: Device;
before(async () => {
  world = await anExchange();
  facility = await aFacility(world.exchange);
  device = await aDevice(world.exchange, facility, 'CT 2');
});
after(() => world.close());

function monitored(filter: object = {}, stretch: object = {}) {
  return monitoredUploads(world.exchange, facility.administer, {
    filter: monitorFilter.parse(filter),
    stretch: monitorStretch.parse(stretch),
  });
}

const totals = (filter: object = {}) =>
  monitorTotals(world.exchange, facility.administer, monitorFilter.parse(filter));

async function anAnnounced(...studies: ReturnType<typeof aStudy>[]) {
  const request = await anOpenedRequest(world.exchange, facility);
  const writer = await aWriter(world.exchange, request);
  await announce(world.exchange, writer, manifestOf(...studies));
  return writer;
}

test('an upload is listed with its patient, modalities, exams, sender and counts from its announcement on', async () => {
  const { exchange } = world;
  const study = aStudy({ key: 'monitored', series: [{ modality: 'MR', instances: 3 }] });
  const writer = await anAnnounced(study);
  const [announced] = await monitored();
  assert.deepEqual(announced?.patients, ['Lovelace^Ada']);
  assert.deepEqual(announced?.modalities, ['MR']);
  assert.equal(announced?.exams, 1);
  assert.equal(announced?.instancesArrived, 0);
  assert.ok(announced?.address, 'opened from somewhere');

  await sendPack(exchange, writer, study.files);
  await finishUpload(exchange, writer);
  await world.work();
  await confirmUpload(exchange, writer);
  const [arrived] = await monitored();
  assert.equal(arrived?.instancesArrived, 3);
  assert.ok((arrived?.bytesReceived ?? 0) > 0);
  const { createdAt, firstByteAt, sentAt, arrivedAt, closedAt } = arrived ?? {};
  const story = [createdAt, firstByteAt, sentAt, arrivedAt, closedAt].map((moment) => moment ?? '');
  assert.deepEqual(story, [...story].sort(), 'from the first byte to the import');
});

test('what a device pushes is listed under its name with what its images say', async () => {
  await storeFiles(world.exchange, facility, {
    files: aStudy({ key: 'pushed', patient: ryan, series: [{ modality: 'US', instances: 2 }] }).files,
    device,
  });
  const [row] = await monitored({ patient: 'ryan' });
  assert.equal(row?.openedBy, 'CT 2');
  assert.deepEqual(row?.patients, ['Anthony^Ryan']);
  assert.deepEqual(row?.modalities, ['US']);
  assert.equal(row?.instancesArrived, 2);
});

test('patient, modality, date and state choose the rows, and the totals follow', async () => {
  assert.equal((await monitored({ patient: 'lovel' })).length, 1);
  assert.equal((await monitored({ patient: 'ada lovelace' })).length, 1);
  assert.equal((await monitored({ patient: 'ovelace' })).length, 0, 'a word begins where the name has one');
  assert.equal((await monitored({ patient: '%' })).length, 0);
  assert.equal((await monitored({ modality: 'us' })).length, 1);
  assert.equal((await monitored({ modality: 'MR', patient: 'ryan' })).length, 0, 'of one and the same exam');
  assert.equal((await monitored({ state: 'finished' })).length, 1);
  assert.equal((await monitored({ from: '2999-01-01T00:00:00Z' })).length, 0);
  assert.equal((await monitored({ until: '2999-01-01T00:00:00Z' })).length, 2);
  assert.deepEqual(await monitoredModalities(world.exchange, facility.administer), ['MR', 'US']);
  const { uploads, images } = await totals();
  assert.deepEqual({ uploads, images }, { uploads: 2, images: 5 });
  assert.equal((await totals({ modality: 'US' })).images, 2);
});

test('an upload that has not moved for thirty minutes is stuck; a silent device is not', async () => {
  await anAnnounced(aStudy({ key: 'stuck' }));
  world.pass({ minutes: 29 });
  assert.equal((await totals()).stuck, 0);
  world.pass({ minutes: 2 });
  assert.equal((await totals()).stuck, 1);
  assert.equal((await monitored({ state: 'stuck' })).length, 1);
  assert.ok((await monitored({ state: 'running' })).every(({ kind }) => kind === 'device'));
});

test('an upload that was taken back tells of no patient any more', async () => {
  const { exchange } = world;
  const study = aStudy({ key: 'withdrawn', patient: { ...ryan, name: 'Withdrawn^Walter' } });
  const writer = await anAnnounced(study);
  assert.equal((await monitored({ patient: 'walter' })).length, 1);
  await withdrawUpload(exchange, writer);
  assert.equal((await monitored({ patient: 'walter' })).length, 0);
  assert.equal((await monitored({ state: 'ended' })).length, 1);
});

test('another disc put in takes the place of the one announced before', async () => {
  const writer = await anAnnounced(aStudy({ key: 'first disc', patient: { ...ryan, name: 'First^Disc' } }));
  const second = aStudy({ key: 'second disc', patient: { ...ryan, name: 'Second^Disc' } });
  await announce(world.exchange, writer, manifestOf(second));
  assert.equal((await monitored({ patient: 'first' })).length, 0);
  assert.equal((await monitored({ patient: 'second' })).length, 1);
});

test('counts beyond any disc are no manifest', () => {
  const study = aStudy({ key: 'boundless' });
  const { exams, ...rest } = manifestOf(study);
  const boundless = exams.map((exam) => ({ ...exam, instances: 2 ** 31 }));
  assert.equal(manifest.safeParse({ ...rest, exams }).success, true);
  assert.equal(manifest.safeParse({ ...rest, exams: boundless }).success, false);
  assert.equal(
    manifest.safeParse({ ...rest, exams, leftOut: [{ reason: 'not-dicom', files: 2 ** 40 }] }).success,
    false,
  );
});

test('stretches of the list neither overlap nor miss', async () => {
  const all = await monitored();
  const pieces = await Promise.all(all.map((_, offset) => monitored({}, { offset, limit: 1 })));
  assert.deepEqual(
    pieces.flat().map(({ uploadId }) => uploadId),
    all.map(({ uploadId }) => uploadId),
  );
});
