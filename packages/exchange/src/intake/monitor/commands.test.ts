import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type World, anExchange } from '@filmpost/tests/world/exchange.ts';
import { type Facility, aFacility } from '@filmpost/tests/world/facility.ts';
import { manyUploads } from '@filmpost/tests/world/many-uploads.ts';
import { reportUploads } from './commands.ts';
import { monitoredUploads } from './queries.ts';
import { monitorFilter, monitorStretch } from './schema.ts';

let world: World;
let facility: Facility;
before(async () => {
  world = await anExchange();
  facility = await aFacility(world.exchange);
  await manyUploads(world.exchange, facility, 5);
});
after(() => world.close());

test('a table of uploads is written down once, however many stretches it takes', async () => {
  const { exchange } = world;
  const filter = monitorFilter.parse({});
  const stretchAt = (offset: number) => monitorStretch.parse({ offset, limit: 2 });
  const reported = [];
  for (const offset of [0, 2, 4]) {
    const stretch = stretchAt(offset);
    reported.push(...(await reportUploads(exchange, facility.administer, { filter, stretch })));
  }
  const shown = await monitoredUploads(exchange, facility.administer, {
    filter,
    stretch: monitorStretch.parse({}),
  });
  assert.deepEqual(reported, shown);
  const entries = await exchange.db
    .selectFrom('auditEntry')
    .select(['action', 'subjectKind'])
    .where('action', '=', 'uploads.reported')
    .execute();
  assert.deepEqual(entries, [{ action: 'uploads.reported', subjectKind: 'facility' }]);
});
