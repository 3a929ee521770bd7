import assert from 'node:assert/strict';
import { hash, randomInt } from 'node:crypto';
import { after, before, test } from 'node:test';
import { EventFeed } from '@filmpost/api/live/feed.ts';
import { admit } from '@filmpost/exchange/access/gate/commands.ts';
import { announce, openRequestUpload } from '@filmpost/exchange/intake/commands.ts';
import { createShare } from '@filmpost/exchange/shares/commands.ts';
import { sql } from 'kysely';
import { type Study, aStudy } from '../world/dicom/study.ts';
import { type Facility, aDevice, aFacility } from '../world/facility.ts';
import { type House, aHouse } from '../world/house.ts';
import { multipartOf } from '../world/multipart.ts';
import { manifestOf } from '../world/sending.ts';
import { unzipped } from '../world/unzipped.ts';
import {
  type Papers,
  type SentRequest,
  aRecipient,
  anOpenedRequest,
  visitorWith,
  withKey,
} from '../world/visitors.ts';
import { packOf, sendSteadily } from './steady-sender.ts';

const AT_ONCE = 3;

let house: House;
let facility: Facility;
before(async () => {
  house = await aHouse();
  facility = await aFacility(house.exchange);
});
after(async () => {
  if (process.env.DBG) console.log(house.said());
  await house.close();
});

/** Images large enough for the network to be cut in their middle: 128 KiB each. */
function aLargeStudy(key: string, images: number): Study {
  return aStudy({
    key,
    studyDescription: 'CT Head',
    series: [{ instances: images, rows: 256, columns: 256 }],
  });
}

/** Does something to the house each time so many more bytes have left, one thing after the other. */
class Misfortune {
  readonly #strokes: { at: number; strike: () => Promise<void> }[];
  #sent = 0;
  #struck: Promise<void> = Promise.resolve();
  happened = 0;

  /** Strokes spread at random over `bytes`, so that each run hits other moments. */
  constructor(bytes: number, strokes: readonly (() => Promise<void>)[]) {
    this.#strokes = strokes
      .map((strike) => ({ at: randomInt(Math.floor(bytes * 0.02), Math.floor(bytes * 0.95)), strike }))
      .sort((a, b) => a.at - b.at);
  }

  readonly onBytes = (bytes: number): void => {
    this.#sent += bytes;
    while ((this.#strokes[0]?.at ?? Infinity) <= this.#sent) {
      const stroke = this.#strokes.shift();
      this.happened++;
      this.#struck = this.#struck.then(() => stroke?.strike());
    }
  };

  /** Settles when nothing that has struck is still lying about. */
  over(): Promise<void> {
    return this.#struck;
  }
}

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

async function call(papers: Papers, name: string, input: object): Promise<Response> {
  const headers = { ...papers, 'content-type': 'application/json' };
  return fetch(`${house.url}/trpc/${name}`, { method: 'POST', headers, body: JSON.stringify(input) });
}

/** Asks until it is answered. */
async function insist(ask: () => Promise<Response>, recovered: () => Promise<void>): Promise<Response> {
  for (;;) {
    try {
      const response = await ask();
      if (response.ok) return response;
      await response.arrayBuffer();
    } catch {
      await recovered();
    }
  }
}

async function arrived(uploadId: string): Promise<void> {
  const feed = new EventFeed(house.exchange, house.databaseUrl);
  await feed.open();
  const enough = new AbortController();
  for await (const event of feed.follow(`upload:${uploadId}`, 0, enough.signal)) {
    if (event.kind === 'upload.changed' && event.payload.upload.state === 'arrived') break;
  }
  enough.abort();
  await feed.close();
}

async function anAnnouncedUpload(request: SentRequest, study: Study): Promise<string> {
  const { exchange } = house;
  const { uploadId } = await openRequestUpload(exchange, request.fulfil);
  const visitor = await visitorWith(exchange, request.uploader);
  const writer = await admit(exchange, visitor, { capability: 'upload:write', subject: { uploadId } });
  await announce(exchange, writer, manifestOf(study));
  return uploadId;
}

/** All packs, a few at a time. */
async function sendAll(study: Study, sending: Parameters<typeof sendSteadily>[1]): Promise<number> {
  const packs = Array.from({ length: Math.ceil(study.files.length / 6) }, (_, i) =>
    packOf(study.files.slice(i * 6, (i + 1) * 6)),
  );
  const again: number[] = [];
  const work = async () => {
    for (let pack = packs.shift(); pack; pack = packs.shift()) again.push(await sendSteadily(pack, sending));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return again.reduce((sum, times) => sum + times, 0);
}

/** What a recipient gets, image by image and as a package: each file once, byte for byte. */
async function assertWhole(request: SentRequest, study: Study): Promise<void> {
  const { exchange, url } = house;
  const share = await createShare(exchange, facility.work, {
    facility: facility.slug,
    requestId: request.requestId,
  });
  const papers = await aRecipient(exchange, { code: share.code, birthDate: '1981/08/29' });
  const root = `${url}/dicomweb/s/${share.shareId}/studies`;
  const found = await fetch(`${root}/${study.studyInstanceUid}/instances`, { headers: papers });
  const list: object[] = await found.json();
  assert.equal(list.length, study.files.length, 'each image once');
  for (const { studyInstanceUid, seriesInstanceUid, sopInstanceUid, bytes } of study.files) {
    const address = `${root}/${studyInstanceUid}/series/${seriesInstanceUid}/instances/${sopInstanceUid}`;
    const image = await fetch(address, { headers: { ...papers, accept: 'application/dicom' } });
    assert.equal(
      hash('sha256', Buffer.from(await image.arrayBuffer())),
      hash('sha256', bytes),
      sopInstanceUid,
    );
  }
  const row = await exchange.db
    .selectFrom('shareStudy')
    .select('studyId')
    .where('shareId', '=', share.shareId)
    .executeTakeFirstOrThrow();
  const download = await fetch(`${url}/downloads/${share.shareId}/exams.zip?exam=${row.studyId}`, {
    headers: papers,
  });
  const taken = [...unzipped(Buffer.from(await download.arrayBuffer()))]
    .filter(([name]) => name.startsWith('IMAGES/DICOMS/'))
    .map(([, bytes]) => bytes);
  assert.deepEqual(
    taken.map((bytes) => hash('sha256', bytes)).sort(),
    study.files.map(({ bytes }) => hash('sha256', bytes)).sort(),
  );
}

async function setAside(uploadId: string): Promise<string[]> {
  const rows = await house.exchange.db
    .selectFrom('setAside')
    .select('reason')
    .where('uploadId', '=', uploadId)
    .execute();
  return rows.map(({ reason }) => reason);
}

test('web and worker are killed again and again while a disc is sent: every file arrives once', async () => {
  const study = aLargeStudy('killed', 60);
  const request = await anOpenedRequest(house.exchange, facility);
  const uploadId = await anAnnouncedUpload(request, study);
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
  await insist(() => call(papers, 'uploads.finish', { uploadId }), recovered);
  await restart('worker');
  await arrived(uploadId);
  await insist(() => call(papers, 'uploads.confirm', { uploadId }), recovered);
  assert.deepEqual(await setAside(uploadId), []);
  await assertWhole(request, study);
});

test('the database breaks every connection while a disc is sent: every file arrives once', async () => {
  const study = aLargeStudy('cut off', 30);
  const request = await anOpenedRequest(house.exchange, facility);
  const uploadId = await anAnnouncedUpload(request, study);
  const bytes = study.files.reduce((sum, file) => sum + file.bytes.length, 0);
  const misfortune = new Misfortune(bytes, Array(4).fill(breakConnections));
  const recovered = () => misfortune.over();
  const { uploader: papers } = request;
  await sendAll(study, { url: house.url, papers, uploadId, onBytes: misfortune.onBytes, recovered });
  await misfortune.over();
  await insist(() => call(papers, 'uploads.finish', { uploadId }), recovered);
  await arrived(uploadId);
  await insist(() => call(papers, 'uploads.confirm', { uploadId }), recovered);
  assert.deepEqual(await setAside(uploadId), []);
  await assertWhole(request, study);
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
