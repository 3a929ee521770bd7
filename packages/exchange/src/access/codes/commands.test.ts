import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type World, anExchange } from '@filmpost/tests/world/exchange.ts';
import { type Facility, aFacility } from '@filmpost/tests/world/facility.ts';
import { anAddress, anOpenedRequest } from '@filmpost/tests/world/visitors.ts';
import { createShare } from '../../shares/commands.ts';
import { tokenHash } from '../../vault.ts';
import { Refused } from '../gate/schema.ts';
import { enterWithCode } from './commands.ts';

const RIGHT = '1981/08/29';
const WRONG = '1981/08/28';

let world: World;
let facility: Facility;
before(async () => {
  world = await anExchange();
  facility = await aFacility(world.exchange);
});
after(() => world.close());

async function aShare() {
  const { requestId } = await anOpenedRequest(world.exchange, facility);
  return createShare(world.exchange, facility.work, { facility: facility.slug, requestId });
}

async function enter(code: string, birthDate: string, address = anAddress()): Promise<boolean> {
  try {
    await enterWithCode(world.exchange, { code, birthDate }, address);
    return true;
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
}

async function shareRow(shareId: string) {
  return world.exchange.db
    .selectFrom('share')
    .select(['wrongBirthDates', 'lockedUntil'])
    .where('id', '=', shareId)
    .executeTakeFirstOrThrow();
}

test('code and date of birth together open a share, and the token is kept only as its digest', async () => {
  const { code, shareId } = await aShare();
  const opened = await enterWithCode(
    world.exchange,
    { code: code.toLowerCase(), birthDate: RIGHT },
    anAddress(),
  );
  assert.equal(opened.shareId, shareId);
  const session = await world.exchange.db
    .selectFrom('visitorSession')
    .select(['shareId', 'kind'])
    .where('tokenHash', '=', tokenHash(opened.token))
    .executeTakeFirstOrThrow();
  assert.deepEqual(session, { shareId, kind: 'recipient' });
});

test('fifty wrong birth dates at once: exactly five are looked at', async () => {
  const { code, shareId } = await aShare();
  const tries = await Promise.all(Array.from({ length: 50 }, () => enter(code, WRONG)));
  assert.deepEqual(new Set(tries), new Set([false]));
  assert.equal((await shareRow(shareId)).wrongBirthDates, 5);
  assert.equal(await enter(code, RIGHT), false, 'while it is locked the right date opens nothing');
});

test('fifty wrong tries at once from one address: ten are looked at', async () => {
  const address = anAddress();
  const shares = await Promise.all(Array.from({ length: 5 }, aShare));
  const tries = Array.from({ length: 50 }, (_, i) => enter(shares[i % 5]?.code ?? '', WRONG, address));
  await Promise.all(tries);
  const counted = await Promise.all(
    shares.map(async (share) => (await shareRow(share.shareId)).wrongBirthDates),
  );
  assert.equal(
    counted.reduce((sum, wrong) => sum + wrong, 0),
    10,
  );
});

test('a lock ends by the clock, the next is twice as long, and the twentieth try freezes for good', async () => {
  const { code, shareId } = await aShare();
  for (const minutes of [15, 30, 60]) {
    for (let i = 0; i < 5; i++) await enter(code, WRONG);
    world.pass({ minutes: minutes - 1 });
    assert.equal(await enter(code, RIGHT), false, `still locked after ${minutes - 1} minutes`);
    world.pass({ minutes: 1.1 });
    assert.equal(await enter(code, RIGHT), true, `open again after ${minutes} minutes`);
  }
  for (let i = 0; i < 5; i++) await enter(code, WRONG);
  assert.equal((await shareRow(shareId)).wrongBirthDates, 20);
  world.pass({ days: 3 });
  assert.equal(await enter(code, RIGHT), false, 'frozen until the sender frees it');
});

test('an address is heard again when its failures are ten minutes old', async () => {
  const address = anAddress();
  const { code } = await aShare();
  for (let i = 0; i < 10; i++) await enter('AAAAAAAAA', RIGHT, address);
  assert.equal(await enter(code, RIGHT, address), false);
  assert.equal(await enter(code, RIGHT), true, 'others are not held up by it');
  world.pass({ minutes: 10.1 });
  assert.equal(await enter(code, RIGHT, address), true);
});

test('every wrong date, and the lock, is in the facility’s audit; codes and dates are not', async () => {
  const { code, shareId } = await aShare();
  for (let i = 0; i < 5; i++) await enter(code, WRONG);
  const entries = await world.exchange.db
    .selectFrom('auditEntry')
    .select(['action', 'detail', 'subjectId'])
    .where('subjectId', '=', shareId)
    .orderBy('id')
    .execute();
  assert.deepEqual(
    entries.map(({ action }) => action),
    ['share.created', ...Array(4).fill('code.refused'), 'code.locked'],
  );
  assert.ok(!JSON.stringify(entries).includes(code));
  assert.doesNotMatch(JSON.stringify(entries), /1981/);
});
