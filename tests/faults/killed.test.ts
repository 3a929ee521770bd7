import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { type Facility, aDevice, aFacility } from '../world/facility.ts';
import { type House, aHouse } from '../world/house.ts';
import { multipartOf } from '../world/multipart.ts';
import { anOpenedRequest, withKey } from '../world/visitors.ts';
import { Misfortune } from './misfortune.ts';
import {
  aLargeStudy,
  anAnnouncedUpload,
  arrived,
  assertWhole,
  call,
  insist,
  sendAll,
  setAside,
} from './sent-disc.ts';

let house: House;
let facility: Facility;
before(async () => {
  house = await aHouse();
  facility = await aFacility(house.exchange);
});
after(() => house.close());

async function restart(name: 'web' | 'worker'): Promise<void> {
  await house[name].kill();
  await house[name].start();
}

/** Every connection to the database breaks at once, as when it restarts. */
async function breakConnections(): Promise<void> {
  await sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`.execute(house.exchange.db);
}

test('web and worker are killed again and again while a disc is sent: every file arrives once', async () => {
  const study = aLargeStudy('killed', 60);
  const request = await anOpenedRequest(house.exchange, facility);
  const uploadId = await anAnnouncedUpload(house.exchange, request, study);
  const bytes = study.files.reduce((sum, file) => sum + file.bytes.length, 0);
  const misfortune = new Misfortune(bytes, [
    ...Array.from({ length: 5 }, () => () => restart('web')),
    ...Array.from({ length: 3 }, () => () => restart('worker')),
  ]);
  const recovered = () => misfortune.over();
  const { uploader: papers } = request;
  const again = await sendAll(study, {
    url: house.url,
    papers,
    uploadId,
    onBytes: misfortune.onBytes,
    recovered,
  });
  await misfortune.over();
  assert.equal(misfortune.happened, 8);
  assert.ok(again > 0, 'some requests were in the middle of it');
  await insist(() => call({ url: house.url, papers }, 'uploads.finish', { uploadId }), recovered);
  await restart('worker');
  await arrived(house, uploadId);
  await insist(() => call({ url: house.url, papers }, 'uploads.confirm', { uploadId }), recovered);
  assert.deepEqual(await setAside(house.exchange, uploadId), []);
  await assertWhole({ ...house, facility }, request, study);
});

test('the database breaks every connection while a disc is sent: every file arrives once', async () => {
  const study = aLargeStudy('cut off', 30);
  const request = await anOpenedRequest(house.exchange, facility);
  const uploadId = await anAnnouncedUpload(house.exchange, request, study);
  const bytes = study.files.reduce((sum, file) => sum + file.bytes.length, 0);
  const misfortune = new Misfortune(bytes, Array(4).fill(breakConnections));
  const recovered = () => misfortune.over();
  const { uploader: papers } = request;
  await sendAll(study, { url: house.url, papers, uploadId, onBytes: misfortune.onBytes, recovered });
  await misfortune.over();
  await insist(() => call({ url: house.url, papers }, 'uploads.finish', { uploadId }), recovered);
  await arrived(house, uploadId);
  await insist(() => call({ url: house.url, papers }, 'uploads.confirm', { uploadId }), recovered);
  assert.deepEqual(await setAside(house.exchange, uploadId), []);
  await assertWhole({ ...house, facility }, request, study);
});

test('the server is killed while a machine pushes: what it then pushes again is there once', async () => {
  const study = aLargeStudy('pushed', 24);
  const { key } = await aDevice(house.exchange, facility);
  const { headers, body } = multipartOf(study.files.map((file) => file.bytes));
  const store = () =>
    fetch(`${house.url}/dicomweb/studies`, {
      method: 'POST',
      headers: { ...withKey(key), ...headers },
      body,
    });
  for (let round = 0; round < 4; round++) {
    const stroke = receiving(round).then(() => restart('web'));
    await Promise.allSettled([store()]);
    await stroke;
  }
  const answer = await insist(store, async () => undefined);
  assert.equal(answer.status, 200);
  const root = `${house.url}/dicomweb/studies/${study.studyInstanceUid}`;
  const list: object[] = await (await fetch(`${root}/instances`, { headers: withKey(key) })).json();
  assert.equal(list.length, study.files.length);
  for (const { seriesInstanceUid, sopInstanceUid, bytes } of study.files) {
    const image = await fetch(`${root}/series/${seriesInstanceUid}/instances/${sopInstanceUid}`, {
      headers: { ...withKey(key), accept: 'application/dicom' },
    });
    assert.equal(hash('sha256', Buffer.from(await image.arrayBuffer())), hash('sha256', bytes));
  }
});

/** Settles in the middle of a push: while its bytes come, or once they lie there and are being understood. */
async function receiving(round: number): Promise<void> {
  const wanted = round % 2 === 0 ? 'receiving' : 'received';
  const before = await latestBlob();
  for (;;) {
    const blob = await latestBlob();
    if (blob?.id !== before?.id && (blob?.state === wanted || blob?.state === 'ingested')) return;
  }
}

async function latestBlob() {
  return house.exchange.db
    .selectFrom('blob')
    .select(['id', 'state'])
    .orderBy('createdAt', 'desc')
    .limit(1)
    .executeTakeFirst();
}

test('nothing of a patient is in what the processes said through all of it', () => {
  const said = house.said();
  for (const word of ['Lovelace', 'Ada^', 'SAM-0041207', '1981-08-29', '19810829', 'CT Head']) {
    assert.ok(!said.includes(word), `${word} is in the log: ${said}`);
  }
});
