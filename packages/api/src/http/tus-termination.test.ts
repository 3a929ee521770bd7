import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { ingestBlobs } from '@filmpost/exchange/ingest/commands.ts';
import { announce, confirmUpload, finishUpload } from '@filmpost/exchange/intake/commands.ts';
import { announceFiles } from '@filmpost/exchange/intake/manifest/commands.ts';
import { uploadProgress } from '@filmpost/exchange/intake/queries.ts';
import { packHead } from '@filmpost/media/pack.ts';
import { type Study, aStudy } from '@filmpost/tests/world/dicom/study.ts';
import { type ServedWorld, aServer } from '@filmpost/tests/world/exchange.ts';
import { type Facility, aDevice, aFacility } from '@filmpost/tests/world/facility.ts';
import { aWriter, manifestOf, sendBytes } from '@filmpost/tests/world/sending.ts';
import { createTus, patchTus, tus } from '@filmpost/tests/world/tus-client.ts';
import { anOpenedRequest, withKey } from '@filmpost/tests/world/visitors.ts';

let world: ServedWorld;
let facility: Facility;
before(async () => {
  world = await aServer();
  facility = await aFacility(world.exchange);
});
after(() => world.close());

const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** A pack as a browser makes it, digests and all. */
function packOf(files: Study['files']): Buffer {
  const head = packHead(
    files.map(({ path, bytes }) => ({ name: path, size: bytes.length, sha256: digestOf(bytes) })),
  );
  return Buffer.concat([head, ...files.map(({ bytes }) => bytes)]);
}

/** A request whose clinic has announced a study of five slices and sent it in two packs, of three and of two. */
async function aSender(key: string) {
  const { exchange } = world;
  const request = await anOpenedRequest(exchange, facility);
  const writer = await aWriter(exchange, request);
  const study = aStudy({ key, series: [{ instances: 5 }] });
  await announce(exchange, writer, manifestOf(study));
  await announceFiles(
    exchange,
    writer,
    study.files.map(({ bytes }) => ({ sha256: digestOf(bytes), size: bytes.length })),
  );
  const [first, second] = [packOf(study.files.slice(0, 3)), packOf(study.files.slice(3))];
  const ids = [await sendBytes(exchange, writer, first), await sendBytes(exchange, writer, second)];
  const progress = () => uploadProgress(exchange, writer);
  const instances = async () => {
    const rows = await exchange.db
      .selectFrom('instance')
      .select('id')
      .where('uploadId', '=', writer.uploadId)
      .execute();
    return rows.length;
  };
  const manifest = () =>
    exchange.db
      .selectFrom('uploadFile')
      .select('state')
      .where('uploadId', '=', writer.uploadId)
      .execute()
      .then((rows) => rows.map(({ state }) => state).sort());
  const [one = '', other = ''] = ids;
  const { uploader: papers } = request;
  return { papers, writer, study, one, other, second, progress, instances, manifest };
}

const remove = (papers: Record<string, string>, id: string) =>
  tus(world, { method: 'DELETE', path: `/files/${id}`, papers });
const headStatus = async (papers: Record<string, string>, id: string) =>
  (await tus(world, { method: 'HEAD', path: `/files/${id}`, papers })).status;

test('what is complete and not looked at yet is taken back: bytes, counters and what was announced', async () => {
  const { papers, one, other, second, progress, manifest, instances } = await aSender('fresh');
  assert.equal((await remove(papers, one)).status, 204);
  assert.equal(await headStatus(papers, one), 404);
  assert.equal(await world.exchange.blobs.writtenAt(one), null);
  assert.equal((await progress()).bytesReceived, second.length);
  assert.deepEqual(await manifest(), ['announced', 'announced']);
  await world.work();
  assert.deepEqual([await instances(), (await progress()).instancesArrived], [2, 2]);
  assert.equal(await headStatus(papers, other), 200);
  assert.equal((await remove(papers, one)).status, 404);
});

test('images in an exam that is still held leave it, and the exam is counted again', async () => {
  const { papers, writer, study, one, other, progress, manifest, instances } = await aSender('held');
  await world.work();
  await finishUpload(world.exchange, writer);
  await world.work();
  assert.deepEqual([(await progress()).state, await instances()], ['arrived', 5]);
  assert.equal((await remove(papers, one)).status, 204);
  assert.deepEqual([(await progress()).state, (await progress()).instancesArrived], ['sent', 2]);
  await world.work();
  assert.deepEqual([(await progress()).state, await instances()], ['arrived', 2]);
  assert.deepEqual(await manifest(), ['verified', 'verified']);
  const held = () =>
    world.exchange.db
      .selectFrom('study')
      .innerJoin('series', 'series.studyId', 'study.id')
      .select(['study.instanceCount', 'series.preparedCount', 'series.instanceCount as inSeries'])
      .where('heldByUploadId', '=', writer.uploadId)
      .where('studyInstanceUid', '=', study.studyInstanceUid)
      .execute();
  assert.deepEqual(await held(), [{ instanceCount: 2, preparedCount: 2, inSeries: 2 }]);
  assert.equal((await remove(papers, other)).status, 204);
  await world.work();
  assert.deepEqual([await held(), (await progress()).bytesReceived, await manifest()], [[], 0, []]);
});

test('what was taken back while a worker was reading it is not catalogued', async () => {
  const { papers, one, other, instances } = await aSender('meanwhile');
  const open = world.exchange.blobs.open.bind(world.exchange.blobs);
  // The worker has opened the second pack when the first one, which it has read, is taken back.
  world.exchange.blobs.open = async (id: string, flags?: string) => {
    if (id === other) {
      world.exchange.blobs.open = open;
      assert.equal((await remove(papers, one)).status, 204);
    }
    return open(id, flags);
  };
  await ingestBlobs(world.exchange, [one, other]);
  assert.equal(await instances(), 2);
});

test('an image that came twice stays when one of its packs is taken back', async () => {
  const { papers, writer, study, one, progress, instances, manifest } = await aSender('twice');
  await world.work();
  const again = await sendBytes(world.exchange, writer, packOf(study.files.slice(0, 3)));
  await world.work();
  assert.deepEqual((await progress()).setAside, [{ reason: 'duplicate', files: 3 }]);
  assert.equal((await remove(papers, one)).status, 204);
  await finishUpload(world.exchange, writer);
  await world.work();
  assert.deepEqual([await instances(), (await progress()).state], [5, 'arrived']);
  assert.deepEqual([(await progress()).setAside, (await progress()).instancesArrived], [[], 5]);
  assert.deepEqual(await manifest(), Array(5).fill('verified'));
  assert.equal((await remove(papers, again)).status, 204);
  await world.work();
  assert.equal(await instances(), 2, 'nothing holds them any more');
});

test('after Confirm nothing is taken back: a refusal in words, and everything stays', async () => {
  const { papers, writer, one, instances } = await aSender('confirmed');
  await world.work();
  await finishUpload(world.exchange, writer);
  await world.work();
  await confirmUpload(world.exchange, writer);
  const answer = await remove(papers, one);
  assert.equal(answer.status, 403);
  assert.match(await answer.text(), /have been handed over and can no longer be taken back/);
  assert.equal(await headStatus(papers, one), 200);
  assert.equal(await instances(), 5);
});

test('what a device sent is in the record once it is understood, and stays', async () => {
  const papers = withKey((await aDevice(world.exchange, facility)).key);
  const [file] = aStudy({ key: 'device', series: [{ instances: 1 }] }).files;
  assert.ok(file);
  const length = file.bytes.length;
  const send = async () => {
    const headers = { 'upload-length': String(length) };
    const made = await tus(world, { method: 'POST', path: '/files', papers, headers });
    const path = made.headers.get('location') ?? '';
    assert.equal(
      (await patchTus(world, papers, { path, offset: 0, body: new Uint8Array(file.bytes) })).status,
      204,
    );
    return path.split('/').at(-1) ?? '';
  };
  assert.equal((await remove(papers, await send())).status, 204);
  const understood = await send();
  await world.work();
  assert.equal((await remove(papers, understood)).status, 403);
  assert.equal(await headStatus(papers, understood), 200);
});

test('nobody takes back what another sent', async () => {
  const { one, progress } = await aSender('mine');
  const { papers } = await aSender('yours');
  assert.equal((await remove(papers, one)).status, 404);
  assert.equal((await remove({}, one)).status, 404);
  assert.ok((await progress()).bytesReceived > 0);
});

test('an upload nobody finished is still taken back as before', async () => {
  const { papers, writer } = await aSender('begun');
  const { uploadId } = writer;
  const made = await createTus(world, papers, { uploadId, length: 10 });
  const id = (made.headers.get('location') ?? '').split('/').at(-1) ?? '';
  assert.equal((await remove(papers, id)).status, 204);
  assert.equal(await headStatus(papers, id), 404);
});
