import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { expectBlob } from '@filmpost/exchange/intake/blobs/commands.ts';
import { announce } from '@filmpost/exchange/intake/commands.ts';
import { monitorTotals, monitoredUploads } from '@filmpost/exchange/intake/monitor/queries.ts';
import { monitorFilter, monitorStretch } from '@filmpost/exchange/intake/monitor/schema.ts';
import { aStudy } from '@filmpost/tests/world/dicom/study.ts';
import { type World, anExchange } from '@filmpost/tests/world/exchange.ts';
import { aFacility } from '@filmpost/tests/world/facility.ts';
import { aWriter, manifestOf } from '@filmpost/tests/world/sending.ts';
import { anOpenedRequest } from '@filmpost/tests/world/visitors.ts';
import { Pace } from './pace.ts';

let world: World;
before(async () => {
  world = await anExchange();
});
after(() => world.close());

test('a large file on a thin line is not taken for stuck while its bytes come', async (t) => {
  const { exchange } = world;
  const facility = await aFacility(exchange);
  const writer = await aWriter(exchange, await anOpenedRequest(exchange, facility));
  await announce(exchange, writer, manifestOf(aStudy({ key: 'large' })));
  const id = 'e'.repeat(32);
  await expectBlob(exchange, writer, { id, size: 1_000_000_000, contentKey: null, metadata: {} });
  const standing = async () => {
    const { running, stuck } = await monitorTotals(exchange, facility.administer, monitorFilter.parse({}));
    return { running, stuck };
  };
  world.pass({ minutes: 31 });
  assert.deepEqual(await standing(), { running: 0, stuck: 1 });
  const pace = new Pace(exchange, () => undefined);
  t.after(() => pace.close());
  pace.received(id, 4096);
  while ((await standing()).stuck > 0);
  assert.deepEqual(await standing(), { running: 1, stuck: 0 });
  const [upload] = await monitoredUploads(exchange, facility.administer, {
    filter: monitorFilter.parse({}),
    stretch: monitorStretch.parse({}),
  });
  const { createdAt = '', firstByteAt, lastByteAt } = upload ?? {};
  assert.ok(firstByteAt && firstByteAt > createdAt, 'the story begins with the first byte');
  assert.equal(lastByteAt, firstByteAt);
});
