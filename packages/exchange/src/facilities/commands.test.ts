import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type World, anExchange } from '@filmpost/tests/world/exchange.ts';
import { type Facility, aFacility } from '@filmpost/tests/world/facility.ts';
import { ZodError } from 'zod';
import { admit, operator } from '../access/gate/commands.ts';
import { CannotBeDone, createDevice, createFacility, revokeDevice } from './commands.ts';

let world: World;
let facility: Facility;
before(async () => {
  world = await anExchange();
  facility = await aFacility(world.exchange);
});
after(() => world.close());

async function create(input: { name: string; slug?: string; timezone?: string }) {
  const operate = await admit(world.exchange, operator(), { capability: 'exchange:operate', subject: {} });
  return createFacility(world.exchange, operate, input);
}

test('a name of which no address can be made wants one given', async () => {
  for (const name of ['東京', '!', 'X']) {
    await assert.rejects(create({ name }), (error: Error) => {
      assert.ok(error instanceof CannotBeDone);
      assert.match(error.message, /--slug/);
      return true;
    });
  }
  assert.equal((await create({ name: '東京', slug: 'tokyo' })).slug, 'tokyo');
});

test('a time zone that no clock knows is refused', async () => {
  await assert.rejects(create({ name: 'Nowhere', timezone: 'Nowhere/No' }), ZodError);
  await create({ name: 'Somewhere', timezone: 'America/Toronto' });
});

test('a device has a name', async () => {
  for (const name of ['', '  ', 'x'.repeat(121)]) {
    await assert.rejects(createDevice(world.exchange, facility.administer, name), ZodError);
  }
});

test('revoking what is no device says so, whatever was typed', async () => {
  for (const id of ['', 'CT 2', crypto.randomUUID()]) {
    await assert.rejects(revokeDevice(world.exchange, facility.administer, id), CannotBeDone);
  }
});
