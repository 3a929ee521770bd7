import assert from 'node:assert/strict';
import { utimes } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { openRequestUpload } from '@filmpost/exchange/intake/commands.ts';
import { NO_LIMITS } from '@filmpost/exchange/intake/limits/schema.ts';
import { type ServedWorld, aServer } from '@filmpost/tests/world/exchange.ts';
import { type Facility, aFacility } from '@filmpost/tests/world/facility.ts';
import { createTus, patchTus } from '@filmpost/tests/world/tus-client.ts';
import { anOpenedRequest } from '@filmpost/tests/world/visitors.ts';

let world: ServedWorld;
let facility: Facility;
before(async () => {
  world = await aServer();
  facility = await aFacility(world.exchange);
});
after(() => world.close());

async function anUpload() {
  const request = await anOpenedRequest(world.exchange, facility);
  const { uploadId } = await openRequestUpload(world.exchange, request.fulfil);
  return { uploadId, papers: request.uploader };
}

test('a week after the last byte an unfinished upload expires, as its header says', async () => {
  const { papers, uploadId } = await anUpload();
  const created = await createTus(world, papers, { uploadId, length: 10 });
  const path = created.headers.get('location') ?? '';
  const id = path.split('/').at(-1) ?? '';
  const ago = (days: number) => new Date(Date.now() - days * 24 * 60 * 60_000);
  await world.exchange.db
    .updateTable('blob')
    .set({ createdAt: ago(20) })
    .where('id', '=', id)
    .execute();
  const first = await patchTus(world, papers, { path, offset: 0, body: 'x' });
  assert.equal(first.status, 204, 'begun long ago, but not silent for a week');
  for (const { headers } of [created, first]) {
    const expires = new Date(headers.get('upload-expires') ?? '').getTime();
    assert.ok(Math.abs(expires - ago(-7).getTime()) < 60_000);
  }
  await utimes(world.exchange.blobs.path(id), ago(8), ago(8));
  assert.equal((await patchTus(world, papers, { path, offset: 1, body: 'x' })).status, 410);
});

test('more than one upload may have is 413, and no room is 507; the procedures say the same', async () => {
  const { papers, uploadId } = await anUpload();
  const announce = (bytesToSend: number) =>
    fetch(`${world.url}/trpc/uploads.announce`, {
      method: 'POST',
      headers: { ...papers, 'content-type': 'application/json' },
      body: JSON.stringify({
        uploadId,
        manifest: { filesChosen: 1, filesToSend: 1, bytesToSend, leftOut: [], exams: [] },
      }),
    });
  try {
    world.exchange.limits = { ...NO_LIMITS, uploadBytes: 100 };
    for (const much of [await createTus(world, papers, { uploadId, length: 101 }), await announce(101)]) {
      assert.equal(much.status, 413);
      assert.match(await much.text(), /One upload may have at most/);
    }
    world.exchange.limits = { ...NO_LIMITS, diskPercent: 0, diskFreeBytes: Infinity };
    for (const full of [await createTus(world, papers, { uploadId, length: 1 }), await announce(1)]) {
      assert.equal(full.status, 507);
      assert.match(await full.text(), /storage is full for the moment/);
    }
  } finally {
    world.exchange.limits = NO_LIMITS;
  }
});
