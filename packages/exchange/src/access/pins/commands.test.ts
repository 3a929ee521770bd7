import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { sql } from 'kysely';
import { type World, anExchange } from '@filmpost/tests/world/exchange.ts';
import { type Facility, aFacility } from '@filmpost/tests/world/facility.ts';
import { anAddress } from '@filmpost/tests/world/visitors.ts';
import { createRequest } from '../../requests/commands.ts';
import { Refused } from '../gate/schema.ts';
import { BirthDateNeeded, enterWithPin } from './commands.ts';

let world: World;
let facility: Facility;
let number = 0;
before(async () => {
  world = await anExchange();
});
beforeEach(async () => {
  facility = await aFacility(world.exchange, { slug: `clinic-${(number += 1)}` });
});
after(() => world.close());

async function aPin(): Promise<string> {
  const { pin } = await createRequest(world.exchange, facility.work, {
    facility: facility.slug,
    patientName: 'Anthony^Ryan',
    birthDate: '1986/12/29',
    details: 'All prior imaging.',
  });
  return pin;
}

interface Try {
  address?: string;
  birthDate?: string;
  at?: Facility;
}

async function enter(pin: string, { address = anAddress(), birthDate, at = facility }: Try = {}) {
  try {
    await enterWithPin(world.exchange, { facility: at.slug, pin, birthDate }, address);
    return 'in';
  } catch (error) {
    if (error instanceof Refused) return 'refused';
    if (error instanceof BirthDateNeeded) return 'birth date needed';
    throw error;
  }
}

/** A PIN that none of the facility's requests has. */
function wrongPin(...right: string[]): string {
  return ['000000', '111111', '222222'].find((pin) => !right.includes(pin)) ?? '333333';
}

test('a PIN opens its own facility’s request and no other facility’s', async () => {
  const pin = await aPin();
  const elsewhere = await aFacility(world.exchange, { slug: `clinic-${(number += 1)}` });
  assert.equal(await enter(pin), 'in');
  assert.equal(await enter(pin, { at: elsewhere }), 'refused');
});

test('after five wrong PINs in a quarter of an hour an address is not heard, also with the right one', async () => {
  const pin = await aPin();
  const address = anAddress();
  for (let i = 0; i < 5; i++) assert.equal(await enter(wrongPin(pin), { address }), 'refused');
  assert.equal(await enter(pin, { address }), 'refused');
  assert.equal(await enter(pin), 'in', 'another address is');
  world.pass({ minutes: 15.1 });
  assert.equal(await enter(pin, { address }), 'in');
});

test('thirty wrong PINs at once from thirty addresses, and everybody is asked for the date of birth', async () => {
  const pin = await aPin();
  await Promise.all(Array.from({ length: 60 }, () => enter(wrongPin(pin))));
  assert.equal(await evaluated(), 30);
  assert.equal(await enter(pin), 'birth date needed');
  assert.equal(await enter(wrongPin(pin)), 'birth date needed', 'right and wrong are asked alike');
  assert.equal(await enter(pin, { birthDate: '1986/12/28' }), 'refused');
  assert.equal(await enter(pin, { birthDate: '1986/12/29' }), 'in');
  world.pass({ minutes: 61 });
  assert.equal(await enter(pin), 'in');
});

/** Tries that were compared with the facility's PINs. */
async function evaluated(): Promise<number> {
  const rows = await world.exchange.db
    .selectFrom('attempt')
    .select('succeeded')
    .where('bucket', '=', `pin:${facility.id}`)
    .execute();
  return rows.filter(({ succeeded }) => !succeeded).length;
}

test('two open requests of a facility never share a PIN', async () => {
  const pins = await Promise.all(Array.from({ length: 40 }, aPin));
  assert.equal(new Set(pins).size, 40);
});

test('a facility with more than two hundred open requests asks for the date of birth from the first try', async () => {
  const pins = [await aPin()];
  const { exchange } = world;
  await sql`
    insert into request (facility_id, outside_facility, patient_name, patient_birth_date, details, pin_index,
      pin_sealed, created_by)
    select ${facility.id}::uuid, '', 'Many^One', '1970-01-01', '', decode(lpad(to_hex(n), 8, '0'), 'hex'), '', 'test'
    from generate_series(1, 199) n`.execute(exchange.db);
  assert.equal(await enter(pins[0] ?? ''), 'in', 'two hundred');
  pins.push(await aPin());
  assert.equal(await enter(pins[0] ?? ''), 'birth date needed');
  assert.equal(await enter(pins[0] ?? '', { birthDate: '1986/12/29' }), 'in');
});
