import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type World, anExchange } from '@filmpost/tests/world/exchange.ts';
import { type Facility, aFacility } from '@filmpost/tests/world/facility.ts';
import { anAddress, anOpenedRequest } from '@filmpost/tests/world/visitors.ts';
import { createShare } from '../../shares/commands.ts';
import { enterWithCode } from '../codes/commands.ts';
import { recognise } from './commands.ts';

let world: World;
let facility: Facility;
before(async () => {
  world = await anExchange();
  facility = await aFacility(world.exchange);
});
after(() => world.close());

/** A recipient's browser: whether it is still known, asked by a person or by an open page on its own. */
async function aRecipient() {
  const { requestId } = await anOpenedRequest(world.exchange, facility);
  const { code } = await createShare(world.exchange, facility.work, { facility: facility.slug, requestId });
  const address = anAddress();
  const { token } = await enterWithCode(world.exchange, { code, birthDate: '1981/08/29' }, address);
  const credentials = { address, headers: new Headers(), recipientToken: token };
  return async (unattended: boolean) =>
    (await recognise(world.exchange, { ...credentials, unattended })).recipient !== null;
}

test('a recipient who does something every now and then stays in', async () => {
  const known = await aRecipient();
  for (let time = 0; time < 4; time++) {
    world.pass({ minutes: 29 });
    assert.ok(await known(false));
  }
});

test('an open page that only listens hears on, and is out after thirty minutes without anybody', async () => {
  const known = await aRecipient();
  world.pass({ minutes: 15 });
  assert.ok(await known(true));
  world.pass({ minutes: 14 });
  assert.ok(await known(true));
  world.pass({ minutes: 2 });
  assert.equal(await known(true), false);
  assert.equal(await known(false), false);
});
