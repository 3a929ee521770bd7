import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { aStudy } from '@filmpost/tests/world/dicom/study.ts';
import { type World, anExchange } from '@filmpost/tests/world/exchange.ts';
import { type Facility, aFacility } from '@filmpost/tests/world/facility.ts';
import { aWriter, manifestOf, sendPack } from '@filmpost/tests/world/sending.ts';
import {
  type SentRequest,
  anOpenedRequest,
  anUploader,
  visitorWith,
} from '@filmpost/tests/world/visitors.ts';
import { admit, operator } from '../../access/gate/commands.ts';
import { Refused } from '../../access/gate/schema.ts';
import { eventsAfter } from '../../events/queries.ts';
import { CannotBeDone } from '../../facilities/commands.ts';
import { announce, confirmUpload, finishUpload, withdrawUpload } from '../../intake/commands.ts';
import { cancelRequest } from '../cancelling/commands.ts';
import { findRequest, listRequests, maskedRequest } from '../queries.ts';
import { declineRequest } from './commands.ts';
import type { NewDecline } from './schema.ts';

const jo: NewDecline = {
  reason: 'elsewhere',
  words: 'Ada was scanned at Bayside in 2019.',
  name: 'Jo Brook',
  site: 'Palm Beach Imaging',
  phone: '+1 555 0199',
};

let world: World;
let facility: Facility;
before(async () => {
  world = await anExchange();
  facility = await aFacility(world.exchange);
});
after(() => world.close());

async function watching({ requestId }: SentRequest) {
  return admit(world.exchange, operator(), { capability: 'request:watch', subject: { requestId } });
}

async function asked(request: SentRequest) {
  return findRequest(world.exchange, await watching(request));
}

async function stateOf(request: SentRequest): Promise<string> {
  return (await asked(request)).state;
}

/** Everything arrived; nothing confirmed. */
async function anArrivedUpload(request: SentRequest, key: string) {
  const { exchange } = world;
  const study = aStudy({ key, series: [{ instances: 2 }] });
  const writer = await aWriter(exchange, request);
  await announce(exchange, writer, manifestOf(study));
  const blobId = await sendPack(exchange, writer, study.files);
  await world.work();
  await finishUpload(exchange, writer);
  await world.work();
  return { writer, blobId };
}

test('whoever asked is told who declined, when and why; whoever comes later who and when', async () => {
  const { exchange } = world;
  const request = await anOpenedRequest(exchange, facility);
  const before = exchange.now().toISOString();
  await declineRequest(exchange, request.fulfil, jo);
  const { state, declined } = await asked(request);
  assert.equal(state, 'declined');
  assert.ok(declined && declined.at >= before);
  assert.deepEqual(declined, { ...jo, at: declined.at });
  const listed = (await listRequests(exchange, facility.work)).find(
    ({ requestId }) => requestId === request.requestId,
  );
  assert.deepEqual(listed?.declined, declined);
  const again = await visitorWith(
    exchange,
    await anUploader(exchange, { facility: facility.slug, pin: request.pin }),
  );
  const fulfil = await admit(exchange, again, { capability: 'request:fulfil', subject: {} });
  const masked = await maskedRequest(exchange, fulfil);
  assert.deepEqual(masked.declined, { at: declined.at, name: jo.name, site: jo.site });
  assert.equal(masked.state, 'declined', 'looking at it again changes nothing');
  for (const topic of [`request:${request.requestId}`, `facility:${facility.id}`] as const) {
    const last = (await eventsAfter(exchange, topic, { after: 0 })).at(-1);
    assert.deepEqual(last?.payload, { requestId: request.requestId, state: 'declined' });
  }
});

test('no log or event holds what was said, only the reason and where the words are', async () => {
  const { exchange } = world;
  const request = await anOpenedRequest(exchange, facility);
  await declineRequest(exchange, request.fulfil, jo);
  const entry = await exchange.db
    .selectFrom('auditEntry')
    .select(['action', 'detail'])
    .where('subjectId', '=', request.requestId)
    .where('action', '=', 'request.declined')
    .executeTakeFirstOrThrow();
  assert.match(JSON.stringify(entry.detail), /"reason":"elsewhere"/);
  const rows = [
    ...(await exchange.db.selectFrom('auditEntry').selectAll().execute()),
    ...(await exchange.db.selectFrom('event').selectAll().execute()),
  ];
  for (const word of ['Bayside', 'Brook', '0199']) assert.ok(!JSON.stringify(rows).includes(word), word);
});

test('pressing twice changes nothing: the first decline stands', async () => {
  const { exchange } = world;
  const request = await anOpenedRequest(exchange, facility);
  await declineRequest(exchange, request.fulfil, jo);
  await declineRequest(exchange, request.fulfil, { ...jo, reason: 'not-kept' });
  assert.equal((await asked(request)).declined?.reason, 'elsewhere');
});

test('another reason without a word, or nobody’s name, is no decline', async () => {
  const { exchange } = world;
  const request = await anOpenedRequest(exchange, facility);
  await assert.rejects(
    declineRequest(exchange, request.fulfil, { reason: 'other', words: '  ', name: 'Jo Brook' }),
    CannotBeDone,
  );
  await assert.rejects(declineRequest(exchange, request.fulfil, { reason: 'no-images', name: ' ' }));
  assert.equal(await stateOf(request), 'opened');
});

test('a declined request takes an upload; taken back it stands declined, confirmed it is uploaded', async () => {
  const { exchange } = world;
  const request = await anOpenedRequest(exchange, facility);
  await declineRequest(exchange, request.fulfil, jo);
  const wrong = await anArrivedUpload(request, 'wrong disc');
  assert.equal(await stateOf(request), 'uploading');
  assert.equal((await asked(request)).declined, null);
  await assert.rejects(declineRequest(exchange, request.fulfil, jo), CannotBeDone);
  await withdrawUpload(exchange, wrong.writer);
  assert.equal(await stateOf(request), 'declined');
  assert.equal((await asked(request)).declined?.name, 'Jo Brook');
  await world.work();
  assert.equal(existsSync(exchange.blobs.path(wrong.blobId)), false, 'the bytes are gone at once');
  const right = await anArrivedUpload(request, 'right disc');
  await confirmUpload(exchange, right.writer);
  assert.equal(await stateOf(request), 'uploaded');
  await assert.rejects(declineRequest(exchange, request.fulfil, jo), CannotBeDone);
});

test('a cancelled request refuses its PIN and takes back what was under way, with its bytes; its sender learns why', async () => {
  const { exchange } = world;
  const request = await anOpenedRequest(exchange, facility);
  await declineRequest(exchange, request.fulfil, jo);
  const { blobId } = await anArrivedUpload(request, 'withdrawn');
  assert.equal((await visitorWith(exchange, request.uploader)).uploader?.closed, null);
  await cancelRequest(exchange, await watching(request));
  await world.work();
  assert.equal(await stateOf(request), 'cancelled');
  assert.equal(existsSync(exchange.blobs.path(blobId)), false);
  await assert.rejects(anUploader(exchange, { facility: facility.slug, pin: request.pin }), Refused);
  const visitor = await visitorWith(exchange, request.uploader);
  assert.equal(visitor.uploader?.closed, 'cancelled');
  await assert.rejects(admit(exchange, visitor, { capability: 'request:fulfil', subject: {} }), Refused);
});
