import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { aStudy } from '@filmpost/tests/world/dicom/study.ts';
import { type World, anExchange } from '@filmpost/tests/world/exchange.ts';
import { type Facility, aDevice, aFacility, aStaffMember, maya } from '@filmpost/tests/world/facility.ts';
import { aWriter, manifestOf, sendPack } from '@filmpost/tests/world/sending.ts';
import { anOpenedRequest, signedIn, visitorWith } from '@filmpost/tests/world/visitors.ts';
import { ZodError } from 'zod';
import { admit } from '../access/gate/commands.ts';
import { CannotBeDone } from '../facilities/commands.ts';
import { listStudies } from '../archive/queries.ts';
import { UploadClosed, expectBlob } from './blobs/commands.ts';
import {
  announce,
  confirmUpload,
  deviceUpload,
  finishUpload,
  openRequestUpload,
  openStaffUpload,
  withdrawUpload,
} from './commands.ts';
import { uploadProgress } from './queries.ts';
import { settleUpload } from './settling/commands.ts';
import { UPLOAD_CAN } from './rules.ts';

let world: World;
let facility: Facility;
let number = 0;
before(async () => {
  world = await anExchange();
  facility = await aFacility(world.exchange);
});
after(() => world.close());

async function anUpload() {
  const request = await anOpenedRequest(world.exchange, facility);
  return {
    request,
    writer: await aWriter(world.exchange, request),
    study: aStudy({ key: `u${(number += 1)}` }),
  };
}

async function requestState(requestId: string) {
  const { exchange } = world;
  return (
    await exchange.db
      .selectFrom('request')
      .select('state')
      .where('id', '=', requestId)
      .executeTakeFirstOrThrow()
  ).state;
}

test('an upload walks from open to confirmed, and its request with it', async () => {
  const { exchange } = world;
  const { request, writer, study } = await anUpload();
  assert.equal(await requestState(request.requestId), 'uploading');
  await announce(exchange, writer, manifestOf(study));
  await sendPack(exchange, writer, study.files);
  assert.equal((await finishUpload(exchange, writer)).state, 'sent');
  await world.work();
  const arrived = await uploadProgress(exchange, writer);
  assert.equal(arrived.state, 'arrived');
  assert.equal(arrived.instancesArrived, study.files.length);
  assert.equal((await confirmUpload(exchange, writer)).state, 'confirmed');
  assert.equal(await requestState(request.requestId), 'uploaded');
  assert.equal(
    (await confirmUpload(exchange, writer)).state,
    'confirmed',
    'pressing twice is answered with what is',
  );
});

test('whoever comes back to a request continues its upload; after Confirm a new one is opened', async () => {
  const { exchange } = world;
  const { request, writer } = await anUpload();
  const again = await Promise.all(
    Array.from({ length: 8 }, () => openRequestUpload(exchange, request.fulfil)),
  );
  assert.deepEqual(new Set(again.map(({ uploadId }) => uploadId)), new Set([writer.uploadId]));
  await finishUpload(exchange, writer);
  await world.work();
  await confirmUpload(exchange, writer);
  assert.notEqual((await openRequestUpload(exchange, request.fulfil)).uploadId, writer.uploadId);
});

test('Confirm before everything has arrived is answered with a sentence', async () => {
  const { exchange } = world;
  const { writer, study } = await anUpload();
  await assert.rejects(confirmUpload(exchange, writer), CannotBeDone);
  await sendPack(exchange, writer, study.files);
  await finishUpload(exchange, writer);
  await settleUpload(exchange, writer.uploadId);
  assert.equal((await uploadProgress(exchange, writer)).state, 'sent', 'a pack is not understood yet');
  await assert.rejects(confirmUpload(exchange, writer), CannotBeDone);
});

test('an upload is not finished while bytes are on their way', async () => {
  const { exchange } = world;
  const { writer } = await anUpload();
  await expectBlob(exchange, writer, { id: 'a'.repeat(32), size: 10, contentKey: 'one', metadata: {} });
  await assert.rejects(finishUpload(exchange, writer), CannotBeDone);
});

test('no bytes are expected by an upload that is being finished at the same moment', async () => {
  const { exchange } = world;
  for (let round = 0; round < 10; round++) {
    const { writer } = await anUpload();
    const blob = { id: round.toString(16).padStart(32, 'b'), size: 1, contentKey: null, metadata: {} };
    const [expected, finished] = await Promise.allSettled([
      expectBlob(exchange, writer, blob),
      finishUpload(exchange, writer),
    ]);
    const both = expected.status === 'fulfilled' && finished.status === 'fulfilled';
    assert.ok(!both, 'bytes would arrive at an upload that counts as sent');
    if (expected.status === 'rejected') assert.ok(expected.reason instanceof UploadClosed);
  }
});

test('a withdrawn upload takes its exams along, also those whose ingest comes too late', async () => {
  const { exchange } = world;
  const { request, writer, study } = await anUpload();
  await announce(exchange, writer, manifestOf(study));
  await sendPack(exchange, writer, study.files.slice(0, 1));
  await world.work();
  await sendPack(exchange, writer, study.files.slice(1));
  assert.equal((await withdrawUpload(exchange, writer)).state, 'withdrawn');
  await world.work();
  const left = await exchange.db
    .selectFrom('study')
    .select('id')
    .where('studyInstanceUid', '=', study.studyInstanceUid)
    .execute();
  assert.deepEqual(left, []);
  assert.equal(await requestState(request.requestId), 'opened', 'the request waits as before');
  await assert.rejects(withdrawUpload(exchange, writer), CannotBeDone);
  await assert.rejects(announce(exchange, writer, manifestOf(study)), CannotBeDone);
});

test('what is withdrawn already cannot be confirmed, and is not said to be on its way', async () => {
  const { exchange } = world;
  const { writer } = await anUpload();
  await withdrawUpload(exchange, writer);
  await assert.rejects(confirmUpload(exchange, writer), /closed already/);
});

test('staff take back what was not filed yet; what is in the record stays, and they are told', async () => {
  const { exchange } = world;
  await aStaffMember(exchange, facility, maya);
  const clerk = await visitorWith(exchange, await signedIn(exchange, maya));
  const staff = async () => {
    const { uploadId } = await openStaffUpload(exchange, facility.work);
    const writer = await admit(exchange, clerk, { capability: 'upload:write', subject: { uploadId } });
    return { writer, study: aStudy({ key: `u${(number += 1)}` }) };
  };
  const filed = await staff();
  await sendPack(exchange, filed.writer, filed.study.files);
  await world.work();
  await assert.rejects(withdrawUpload(exchange, filed.writer), /in the record already/);
  assert.equal((await uploadProgress(exchange, filed.writer)).state, 'open');
  const fresh = await staff();
  await sendPack(exchange, fresh.writer, fresh.study.files);
  assert.equal((await withdrawUpload(exchange, fresh.writer)).state, 'withdrawn');
});

test('a date that no calendar has is refused, not an error of the database', async () => {
  const { exchange } = world;
  const { writer, study } = await anUpload();
  const manifest = manifestOf(study);
  const exams = manifest.exams.map((exam) => ({ ...exam, studyDate: '0000-01-01' }));
  await assert.rejects(announce(exchange, writer, { ...manifest, exams }), ZodError);
});

test('each verb is refused in every state the table does not give it', async () => {
  assert.deepEqual(UPLOAD_CAN, {
    receive: ['open'],
    announce: ['open'],
    finish: ['open'],
    confirm: ['arrived'],
    withdraw: ['open', 'sent', 'arrived'],
  });
  const { exchange } = world;
  const { writer, study } = await anUpload();
  await finishUpload(exchange, writer);
  await assert.rejects(announce(exchange, writer, manifestOf(study)), CannotBeDone);
  await assert.rejects(sendPack(exchange, writer, study.files), UploadClosed);
});

test('a disc that names an exam twice is told so', async () => {
  const { writer, study } = await anUpload();
  const manifest = manifestOf(study, study);
  await assert.rejects(announce(world.exchange, writer, manifest), ZodError);
});

test('sixteen pushes of a silent device at once open one upload', async () => {
  const { exchange } = world;
  const device = await aDevice(exchange, facility);
  const opened = await Promise.all(Array.from({ length: 16 }, () => deviceUpload(exchange, device.store)));
  assert.equal(new Set(opened).size, 1);
});

test('the facility sees nothing of an upload in its record before Confirm, and everything after', async () => {
  const { exchange } = world;
  const { writer, study } = await anUpload();
  const listed = async () =>
    (await listStudies(exchange, facility.work)).filter(
      (each) => each.studyInstanceUid === study.studyInstanceUid,
    );
  await announce(exchange, writer, manifestOf(study));
  await sendPack(exchange, writer, study.files);
  await finishUpload(exchange, writer);
  await world.work();
  assert.deepEqual(await listed(), []);
  await confirmUpload(exchange, writer);
  assert.deepEqual(
    (await listed()).map(({ instances }) => instances),
    [study.files.length],
  );
});
