import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Study, aStudy } from '@filmpost/tests/world/dicom/study.ts';
import { type World, anExchange } from '@filmpost/tests/world/exchange.ts';
import { type Facility, aDevice, aFacility } from '@filmpost/tests/world/facility.ts';
import { noah } from '@filmpost/tests/world/people.ts';
import { aWriter, manifestOf, sendPack } from '@filmpost/tests/world/sending.ts';
import { storeFiles } from '@filmpost/tests/world/stored.ts';
import { aRecipient, anOpenedRequest, visitorWith } from '@filmpost/tests/world/visitors.ts';
import { admit, operator } from '../access/gate/commands.ts';
import { type Granted, Refused } from '../access/gate/schema.ts';
import { eventsAfter } from '../events/queries.ts';
import { CannotBeDone } from '../facilities/commands.ts';
import { announce, confirmUpload, finishUpload, withdrawUpload } from '../intake/commands.ts';
import { locateInstances } from '../archive/reading/queries.ts';
import { createShare, revokeShare } from './commands.ts';
import { inbox, listShares, revealCode } from './queries.ts';

const BIRTH_DATE = '1981/08/29';

let world: World;
let facility: Facility;
let number = 0;
before(async () => {
  world = await anExchange();
  facility = await aFacility(world.exchange);
});
after(() => world.close());

const someStudy = (options = {}) => aStudy({ key: `shared ${(number += 1)}`, ...options });

async function aShare(of: { studyInstanceUids?: string[]; requestId?: string }) {
  const share = await createShare(world.exchange, facility.work, { facility: facility.slug, ...of });
  const papers = await aRecipient(world.exchange, { code: share.code, birthDate: BIRTH_DATE });
  return { ...share, papers };
}

/** The recipient's right, asked for anew as every request does. */
async function view({ papers, shareId }: Awaited<ReturnType<typeof aShare>>): Promise<Granted<'share:view'>> {
  const visitor = await visitorWith(world.exchange, papers);
  return admit(world.exchange, visitor, { capability: 'share:view', subject: { shareId } });
}

async function examsOf(share: Awaited<ReturnType<typeof aShare>>) {
  const { exams } = await inbox(world.exchange, await view(share));
  return exams.map(({ studyInstanceUid, state, instancesArrived }) => [
    studyInstanceUid,
    state,
    instancesArrived,
  ]);
}

function images(granted: Granted<'share:view'>, { studyInstanceUid }: Study) {
  return locateInstances(world.exchange, granted, { studyInstanceUid });
}

test('an exam that is named twice is shared once', async () => {
  const study = someStudy();
  await storeFiles(world.exchange, facility, study);
  const uid = study.studyInstanceUid;
  const share = await aShare({ studyInstanceUids: [uid, uid] });
  assert.deepEqual(
    (await examsOf(share)).map(([shared]) => shared),
    [uid],
  );
});

test('a share that follows a request shows its exams while they travel, to the last image', async () => {
  const { exchange } = world;
  const request = await anOpenedRequest(exchange, facility);
  const share = await aShare({ requestId: request.requestId });
  const writer = await aWriter(exchange, request);
  const study = someStudy();
  const uid = study.studyInstanceUid;
  assert.deepEqual(await examsOf(share), []);
  await announce(exchange, writer, manifestOf(study));
  assert.deepEqual(await examsOf(share), [[uid, 'waiting', 0]]);
  await sendPack(exchange, writer, study.files.slice(0, 1));
  await world.work();
  assert.deepEqual(await examsOf(share), [[uid, 'transferring', 1]]);
  assert.equal((await images(await view(share), study)).length, 1, 'may be looked at already');
  await sendPack(exchange, writer, study.files.slice(1));
  await finishUpload(exchange, writer);
  await world.work();
  assert.deepEqual(await examsOf(share), [[uid, 'confirming', 3]]);
  await confirmUpload(exchange, writer);
  assert.deepEqual(await examsOf(share), [[uid, 'ready', 3]]);
});

test('each step of it is told to the share, in order', async () => {
  const { exchange } = world;
  const request = await anOpenedRequest(exchange, facility);
  const share = await aShare({ requestId: request.requestId });
  const writer = await aWriter(exchange, request);
  const study = someStudy();
  await announce(exchange, writer, manifestOf(study));
  await sendPack(exchange, writer, study.files);
  await finishUpload(exchange, writer);
  await world.work();
  await confirmUpload(exchange, writer);
  const events = await eventsAfter(exchange, `share:${share.shareId}`, { after: 0 });
  const states = events.flatMap((event) => (event.kind === 'exam.changed' ? [event.payload.exam.state] : []));
  assert.deepEqual([...new Set(states)], ['waiting', 'confirming', 'ready']);
});

test('a share made after the images came shows them as one made before', async () => {
  const { exchange } = world;
  const request = await anOpenedRequest(exchange, facility);
  const writer = await aWriter(exchange, request);
  const [announced, here] = [someStudy(), someStudy()];
  await announce(exchange, writer, manifestOf(announced, here));
  await sendPack(exchange, writer, here.files);
  await world.work();
  const share = await aShare({ requestId: request.requestId });
  const exams = new Map((await examsOf(share)).map(([uid, state]) => [uid, state]));
  assert.equal(exams.get(announced.studyInstanceUid), 'waiting');
  assert.ok(exams.has(here.studyInstanceUid));
});

test('another patient on the same disc stays out of the share', async () => {
  const { exchange } = world;
  const request = await anOpenedRequest(exchange, facility);
  const share = await aShare({ requestId: request.requestId });
  const writer = await aWriter(exchange, request);
  const [hers, his] = [someStudy(), someStudy({ patient: noah })];
  await announce(exchange, writer, manifestOf(hers, his));
  await sendPack(exchange, writer, [...hers.files, ...his.files]);
  await finishUpload(exchange, writer);
  await world.work();
  await confirmUpload(exchange, writer);
  assert.deepEqual(await examsOf(share), [[hers.studyInstanceUid, 'ready', 3]]);
  await assert.rejects(images(await view(share), his), Refused);
});

test('a share of an exam that was only announced finds it once its sender has confirmed', async () => {
  const { exchange } = world;
  const request = await anOpenedRequest(exchange, facility);
  const writer = await aWriter(exchange, request);
  const study = someStudy();
  await announce(exchange, writer, manifestOf(study));
  const share = await aShare({ studyInstanceUids: [study.studyInstanceUid] });
  assert.deepEqual(await examsOf(share), [[study.studyInstanceUid, 'waiting', 0]]);
  await sendPack(exchange, writer, study.files);
  await finishUpload(exchange, writer);
  await world.work();
  await confirmUpload(exchange, writer);
  assert.deepEqual(await examsOf(share), [[study.studyInstanceUid, 'ready', 3]]);
});

test('what is withdrawn leaves the share at once, arrived or only announced', async () => {
  const { exchange } = world;
  const request = await anOpenedRequest(exchange, facility);
  const share = await aShare({ requestId: request.requestId });
  const writer = await aWriter(exchange, request);
  const [here, announced] = [someStudy(), someStudy()];
  await announce(exchange, writer, manifestOf(here, announced));
  await sendPack(exchange, writer, here.files);
  await world.work();
  await withdrawUpload(exchange, writer);
  assert.deepEqual(await examsOf(share), []);
  const events = await eventsAfter(exchange, `share:${share.shareId}`, { after: 0 });
  const removed = events.flatMap((event) =>
    event.kind === 'exam.removed' ? [event.payload.studyInstanceUid] : [],
  );
  assert.deepEqual(removed.sort(), [here.studyInstanceUid, announced.studyInstanceUid].sort());
});

test('a revoked share is closed at the next question, and its followers are told', async () => {
  const { exchange } = world;
  const study = someStudy();
  await storeFiles(exchange, facility, { files: study.files });
  const share = await aShare({ studyInstanceUids: [study.studyInstanceUid] });
  assert.equal((await images(await view(share), study)).length, 3);
  const { shareId } = share;
  const manage = await admit(exchange, operator(), { capability: 'share:manage', subject: { shareId } });
  await revokeShare(exchange, manage);
  await assert.rejects(view(share), Refused);
  const entry = { code: share.code, birthDate: BIRTH_DATE };
  await assert.rejects(aRecipient(exchange, entry), Refused, 'the code opens nothing either');
  const last = (await eventsAfter(exchange, `share:${shareId}`, { after: 0 })).at(-1);
  assert.deepEqual(last?.payload, { shareId, ended: true });
});

test('a share expires after thirty days, a session after half an hour of silence', async () => {
  const { exchange } = world;
  const study = someStudy();
  await storeFiles(exchange, facility, { files: study.files });
  const share = await aShare({ studyInstanceUids: [study.studyInstanceUid] });
  world.pass({ minutes: 29 });
  await view(share);
  world.pass({ minutes: 29 });
  await view(share);
  world.pass({ minutes: 31 });
  await assert.rejects(view(share), Refused);
  const entry = { code: share.code, birthDate: BIRTH_DATE };
  await aRecipient(exchange, entry);
  world.pass({ days: 30 });
  await assert.rejects(aRecipient(exchange, entry), Refused);
});

test('only exams the facility knows can be shared, and another facility’s are not known', async () => {
  const { exchange } = world;
  const elsewhere = await aFacility(exchange, { slug: 'elsewhere' });
  const device = await aDevice(exchange, elsewhere);
  const study = someStudy();
  await storeFiles(exchange, elsewhere, { files: study.files, device });
  await assert.rejects(aShare({ studyInstanceUids: [study.studyInstanceUid] }), CannotBeDone);
  await assert.rejects(aShare({ studyInstanceUids: [] }), CannotBeDone);
  const request = await anOpenedRequest(exchange, elsewhere);
  await assert.rejects(aShare({ requestId: request.requestId }), CannotBeDone);
});

test('the facility’s list says how each share stands, and gives its code to whoever may manage it', async () => {
  const { exchange } = world;
  const request = await anOpenedRequest(exchange, facility);
  const share = await createShare(exchange, facility.work, {
    facility: facility.slug,
    requestId: request.requestId,
  });
  const { shareId } = share;
  const state = async () =>
    (await listShares(exchange, facility.work)).find((each) => each.shareId === shareId)?.state;
  assert.equal(await state(), 'active');
  const manage = await admit(exchange, operator(), { capability: 'share:manage', subject: { shareId } });
  assert.equal(await revealCode(exchange, manage), share.code);
  for (let i = 0; i < 5; i++) {
    await assert.rejects(aRecipient(exchange, { code: share.code, birthDate: '1900/01/01' }), Refused);
  }
  assert.equal(await state(), 'locked');
  await revokeShare(exchange, manage);
  assert.equal(await state(), 'revoked');
});
