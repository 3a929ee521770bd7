import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Study, aStudy } from '@filmpost/tests/world/dicom/study.ts';
import { type World, anExchange } from '@filmpost/tests/world/exchange.ts';
import { type Facility, aDevice, aFacility } from '@filmpost/tests/world/facility.ts';
import { aWriter, manifestOf, sendPack } from '@filmpost/tests/world/sending.ts';
import { storeFiles } from '@filmpost/tests/world/stored.ts';
import {
  type Papers,
  aRecipient,
  anOpenedRequest,
  visitorWith,
  withKey,
} from '@filmpost/tests/world/visitors.ts';
import { locateInstances } from '../../archive/reading/queries.ts';
import { CannotBeDone } from '../../facilities/commands.ts';
import { confirmUpload, announce, finishUpload } from '../../intake/commands.ts';
import { createShare, revokeShare } from '../../shares/commands.ts';
import { admit, operator } from '../gate/commands.ts';
import { type Capability, Refused, type Subjects } from '../gate/schema.ts';
import { makeShareKey, revokeShareKey, shareKeyUsed } from './commands.ts';
import { listShareKeys } from './queries.ts';
import { MOST_LIVE_KEYS } from './rules.ts';

const birthDate = '1981/08/29';
let world: World;
let facility: Facility;
let study: Study;
let number = 0;
before(async () => {
  world = await anExchange();
  facility = await aFacility(world.exchange);
  study = await aStoredStudy();
});
after(() => world.close());

async function aStoredStudy(): Promise<Study> {
  const stored = aStudy({ key: `pulled ${(number += 1)}` });
  await storeFiles(world.exchange, facility, { ...stored, device: await aDevice(world.exchange, facility) });
  return stored;
}

async function aShare(of: { studyInstanceUids?: string[]; requestId?: string }) {
  const { exchange } = world;
  const { shareId, code } = await createShare(exchange, facility.work, { facility: facility.slug, ...of });
  const papers = await aRecipient(exchange, { code, birthDate });
  return { shareId, taking: await asks(papers, 'share:download', { shareId }) };
}

const theStudy = () => aShare({ studyInstanceUids: [study.studyInstanceUid] });

async function asks<C extends Capability>(papers: Papers, capability: C, subject: Subjects[C]) {
  return admit(world.exchange, await visitorWith(world.exchange, papers), { capability, subject });
}

function auditOf(keyId: string) {
  return world.exchange.db
    .selectFrom('auditEntry')
    .select(['action', 'actorKind'])
    .where('subjectId', '=', keyId)
    .orderBy('id')
    .execute();
}

test('a key reads the exams of its share and is admitted to nothing else', async () => {
  const { exchange } = world;
  const { shareId, taking } = await theStudy();
  const { key } = await makeShareKey(exchange, taking, { hours: 1 });
  const pulling = await asks(withKey(key), 'share:pull', { shareId });
  const instances = await locateInstances(exchange, pulling, { studyInstanceUid: study.studyInstanceUid });
  assert.equal(instances.length, study.files.length);
  const others: [Capability, object][] = [
    ['share:view', { shareId }],
    ['share:download', { shareId }],
    ['share:manage', { shareId }],
    ['archive:read', { facility: null }],
    ['archive:store', {}],
    ['facility:work', { facility: facility.slug }],
  ];
  for (const [capability, subject] of others) {
    await assert.rejects(asks(withKey(key), capability, subject as Subjects[typeof capability]), Refused);
  }
  const other = await theStudy();
  await assert.rejects(asks(withKey(key), 'share:pull', { shareId: other.shareId }), Refused);
});

test('nothing of the key itself is kept', async () => {
  const { exchange } = world;
  const { taking } = await theStudy();
  const { key, keyId } = await makeShareKey(exchange, taking, { hours: 1 });
  const row = await exchange.db
    .selectFrom('shareKey')
    .selectAll()
    .where('id', '=', keyId)
    .executeTakeFirstOrThrow();
  assert.doesNotMatch(
    JSON.stringify({ ...row, keyHash: row.keyHash.toString('latin1') }),
    new RegExp(key.slice(4)),
  );
  assert.doesNotMatch(JSON.stringify(await listShareKeys(exchange, taking)), new RegExp(key.slice(4)));
});

test('a key ends after its hours, at the latest with its share', async () => {
  const { exchange } = world;
  const { shareId, taking } = await theStudy();
  const soon = new Date(exchange.now().getTime() + 1_800_000);
  await exchange.db.updateTable('share').set({ expiresAt: soon }).where('id', '=', shareId).execute();
  const { expiresAt, keyId, key } = await makeShareKey(exchange, taking, { hours: 24 });
  assert.equal(expiresAt, soon.toISOString());
  const past = new Date(exchange.now().getTime() - 1);
  await exchange.db.updateTable('shareKey').set({ expiresAt: past }).where('id', '=', keyId).execute();
  await assert.rejects(asks(withKey(key), 'share:pull', { shareId }), Refused);
  assert.equal((await listShareKeys(exchange, taking))[0]?.state, 'expired');
});

test('a revoked share takes its keys with it', async () => {
  const { exchange } = world;
  const { shareId, taking } = await theStudy();
  const { key } = await makeShareKey(exchange, taking, { hours: 1 });
  await revokeShare(
    exchange,
    await admit(exchange, operator(), { capability: 'share:manage', subject: { shareId } }),
  );
  await assert.rejects(asks(withKey(key), 'share:pull', { shareId }), Refused);
});

test('that a key was made, first used and revoked is written down, each once', async () => {
  const { exchange } = world;
  const { shareId, taking } = await theStudy();
  const { key, keyId } = await makeShareKey(exchange, taking, { hours: 1 });
  const pulling = await asks(withKey(key), 'share:pull', { shareId });
  await Promise.all([1, 2, 3].map(() => shareKeyUsed(exchange, pulling)));
  await revokeShareKey(exchange, taking, keyId);
  await revokeShareKey(exchange, taking, keyId);
  assert.deepEqual(await auditOf(keyId), [
    { action: 'share-key.created', actorKind: 'recipient' },
    { action: 'share-key.used', actorKind: 'share-key' },
    { action: 'share-key.revoked', actorKind: 'recipient' },
  ]);
  const [listed] = await listShareKeys(exchange, taking);
  assert.ok(listed?.lastUsedAt);
  assert.equal(listed.state, 'revoked');
});

test('a key of another share is not revoked from this one', async () => {
  const { exchange } = world;
  const [mine, other] = [await theStudy(), await theStudy()];
  const { key, keyId } = await makeShareKey(exchange, mine.taking, { hours: 1 });
  await revokeShareKey(exchange, other.taking, keyId);
  await asks(withKey(key), 'share:pull', { shareId: mine.shareId });
});

test('there are only so many keys at a time, also for those who ask at once', async () => {
  const { exchange } = world;
  const { taking } = await theStudy();
  const asked = Array.from({ length: MOST_LIVE_KEYS + 3 }, () =>
    makeShareKey(exchange, taking, { hours: 1 }),
  );
  const refused = (await Promise.allSettled(asked)).filter((each) => each.status === 'rejected');
  assert.equal(refused.length, 3);
  assert.ok(refused.every(({ reason }) => reason instanceof CannotBeDone));
});

test('what waits for the sender’s Confirm may be looked at and not pulled', async () => {
  const { exchange } = world;
  const request = await anOpenedRequest(exchange, facility);
  const { shareId, taking } = await aShare({ requestId: request.requestId });
  const { key } = await makeShareKey(exchange, taking, { hours: 1 });
  const writer = await aWriter(exchange, request);
  const held = aStudy({ key: 'held and pulled' });
  await announce(exchange, writer, manifestOf(held));
  await sendPack(exchange, writer, held.files);
  await finishUpload(exchange, writer);
  await world.work();
  const pulled = async () =>
    locateInstances(exchange, await asks(withKey(key), 'share:pull', { shareId }), {
      studyInstanceUid: held.studyInstanceUid,
    });
  await assert.rejects(pulled(), Refused);
  await confirmUpload(exchange, writer);
  assert.equal((await pulled()).length, held.files.length);
});
