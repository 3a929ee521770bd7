import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { anInstance } from '@filmpost/tests/world/dicom/instance.ts';
import { type Study, aStudy } from '@filmpost/tests/world/dicom/study.ts';
import { type World, anExchange } from '@filmpost/tests/world/exchange.ts';
import { type Facility, aFacility } from '@filmpost/tests/world/facility.ts';
import { aWriter, sendPack } from '@filmpost/tests/world/sending.ts';
import { type FileToStore, storeFiles } from '@filmpost/tests/world/stored.ts';
import { anOpenedRequest } from '@filmpost/tests/world/visitors.ts';
import { confirmUpload, finishUpload } from '../../intake/commands.ts';
import { prepareSeriesMetadata } from '../reading/queries.ts';

let world: World;
let facility: Facility;
let number = 0;
before(async () => {
  world = await anExchange();
  facility = await aFacility(world.exchange);
});
after(() => world.close());

/** A study of six images under a UID of its own. */
function someStudy(): Study {
  return aStudy({ key: `held ${(number += 1)}`, series: [{ instances: 6 }] });
}

async function arrived(files: readonly FileToStore[]) {
  const { exchange } = world;
  const writer = await aWriter(exchange, await anOpenedRequest(exchange, facility));
  await sendPack(exchange, writer, files);
  await finishUpload(exchange, writer);
  await world.work();
  return writer;
}

async function record({ studyInstanceUid }: Study) {
  return world.exchange.db
    .selectFrom('study')
    .select(['id', 'heldByUploadId', 'instanceCount', 'seriesCount'])
    .where('facilityId', '=', facility.id)
    .where('studyInstanceUid', '=', studyInstanceUid)
    .execute();
}

test('Confirm merges what was held with what the record has: missing images move over, known ones stay once', async () => {
  const { exchange } = world;
  const study = someStudy();
  await storeFiles(exchange, facility, { files: study.files.slice(0, 4) });
  const writer = await arrived(study.files.slice(2));
  assert.deepEqual(
    (await record(study)).map(({ instanceCount }) => instanceCount).sort(),
    [4, 4],
    'beside each other until Confirm',
  );
  await confirmUpload(exchange, writer);
  const [merged, ...others] = await record(study);
  assert.deepEqual(others, []);
  assert.equal(merged?.instanceCount, 6);
  assert.equal(merged?.seriesCount, 1);
  const aside = await exchange.db
    .selectFrom('setAside')
    .select('reason')
    .where('uploadId', '=', writer.uploadId)
    .execute();
  assert.deepEqual(aside, [{ reason: 'duplicate' }, { reason: 'duplicate' }]);
});

test('metadata of a merged series names every image once, in reading order', async () => {
  const { exchange } = world;
  const study = someStudy();
  await storeFiles(exchange, facility, { files: study.files.filter((_, i) => i % 2 === 0) });
  await confirmUpload(exchange, await arrived(study.files.filter((_, i) => i % 2 === 1)));
  const [{ id = '' } = {}] = await record(study);
  const series = await exchange.db.selectFrom('series').select('id').where('studyId', '=', id).execute();
  assert.equal(series.length, 1);
  const { instances } = await prepareSeriesMetadata(exchange, series[0]?.id ?? '');
  assert.equal(instances, 6);
  const numbers = await exchange.db
    .selectFrom('instance')
    .select('instanceNumber')
    .where('studyId', '=', id)
    .orderBy('instanceNumber')
    .execute();
  assert.deepEqual(
    numbers.map(({ instanceNumber }) => instanceNumber),
    [1, 2, 3, 4, 5, 6],
  );
});

test('an image that differs from the record’s under the same identity is kept aside for a person', async () => {
  const { exchange } = world;
  const study = someStudy();
  await storeFiles(exchange, facility, { files: study.files });
  const other = anInstance({ study: study.context, pattern: 77 });
  const writer = await arrived([{ path: 'OTHER', bytes: other.bytes }]);
  await confirmUpload(exchange, writer);
  const [merged] = await record(study);
  assert.equal(merged?.instanceCount, 6);
  const aside = await exchange.db
    .selectFrom('setAside')
    .select(['reason', 'blobId', 'byteOffset', 'byteLength'])
    .where('uploadId', '=', writer.uploadId)
    .executeTakeFirstOrThrow();
  assert.equal(aside.reason, 'conflict');
  const kept = await exchange.blobs.read(aside.blobId, aside.byteOffset, aside.byteLength);
  assert.ok(kept.equals(other.bytes), 'its bytes are still there');
});

test('two requests that bring the same new study, confirmed at once, leave one study', async () => {
  const { exchange } = world;
  for (let round = 0; round < 5; round++) {
    const study = someStudy();
    const writers = [await arrived(study.files.slice(0, 3)), await arrived(study.files.slice(3))];
    await Promise.all(writers.map((writer) => confirmUpload(exchange, writer)));
    assert.deepEqual(
      (await record(study)).map(({ instanceCount }) => instanceCount),
      [6],
    );
  }
});
