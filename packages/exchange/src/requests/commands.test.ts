import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type World, anExchange } from '@filmpost/tests/world/exchange.ts';
import { type Facility, aFacility } from '@filmpost/tests/world/facility.ts';
import { CannotBeDone } from '../facilities/commands.ts';
import { createRequest } from './commands.ts';

let world: World;
let facility: Facility;
before(async () => {
  world = await anExchange();
  facility = await aFacility(world.exchange);
});
after(() => world.close());

test('a request for somebody who is not born yet is refused, with what to look at', async () => {
  const patient = { facility: facility.slug, patientName: 'Anthony^Ryan', details: 'Chest' };
  const requested = (birthDate: string) =>
    createRequest(world.exchange, facility.work, { ...patient, birthDate });
  for (const [birthDate, words] of [
    ['2999/12/29', /yet to come/],
    ['1986/02/30', /no calendar day/],
  ] as const)
    await assert.rejects(
      requested(birthDate),
      (error) => error instanceof CannotBeDone && words.test(error.message),
    );
  assert.match((await requested('1986/12/29')).pin, /^\d{6}$/);
});
