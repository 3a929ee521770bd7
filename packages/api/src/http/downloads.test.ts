import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { announce, confirmUpload, finishUpload } from '@filmpost/exchange/intake/commands.ts';
import { createShare } from '@filmpost/exchange/shares/commands.ts';
import { type Study, aStudy } from '@filmpost/tests/world/dicom/study.ts';
import { type ServedWorld, aServer } from '@filmpost/tests/world/exchange.ts';
import { type Facility, aFacility } from '@filmpost/tests/world/facility.ts';
import { aWriter, manifestOf, sendPack } from '@filmpost/tests/world/sending.ts';
import { storeFiles } from '@filmpost/tests/world/stored.ts';
import { aPackage, packagePath } from '@filmpost/tests/world/taken.ts';
import { unzipped } from '@filmpost/tests/world/unzipped.ts';
import { type Papers, aRecipient, anOpenedRequest } from '@filmpost/tests/world/visitors.ts';

let world: ServedWorld;
let facility: Facility;
let study: Study;
let papers: Papers;
let path: string;
before(async () => {
  world = await aServer();
  const { exchange } = world;
  facility = await aFacility(exchange);
  study = aStudy({ key: 'taken away' });
  await storeFiles(exchange, facility, { files: study.files });
  const { shareId, code } = await createShare(exchange, facility.work, {
    facility: facility.slug,
    studyInstanceUids: [study.studyInstanceUid],
  });
  papers = await aRecipient(exchange, { code, birthDate: '1981/08/29' });
  path = `/downloads/${shareId}/exams.zip?exam=${await studyId(study)}`;
});
after(() => world.close());

async function studyId({ studyInstanceUid }: Study): Promise<string> {
  const row = await world.exchange.db
    .selectFrom('study')
    .select('id')
    .where('studyInstanceUid', '=', studyInstanceUid)
    .executeTakeFirstOrThrow();
  return row.id;
}

function ask(headers: Papers = {}, method = 'GET'): Promise<Response> {
  return fetch(`${world.url}${path}`, { method, headers: { ...papers, ...headers } });
}

const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

test('the ZIP holds the images byte for byte, under names that media accept, and is as long as was said', async () => {
  const response = await ask();
  const zip = await bytesOf(response);
  assert.equal(response.headers.get('content-length'), String(zip.length));
  assert.match(response.headers.get('content-disposition') ?? '', /^attachment/);
  const files = [...unzipped(zip)];
  assert.deepEqual(
    files.slice(0, 7).map(([name]) => name),
    [
      'MANIFEST.SHA256',
      'MANIFEST.SIG',
      'MANIFEST.JSN',
      'DICOMDIR',
      'IMAGES/DICOMDIR',
      'README.TXT',
      'INDEX.HTM',
    ],
  );
  assert.deepEqual(
    files.slice(7).map(([name, bytes]) => [name, new Uint8Array(bytes)]),
    study.files.map(({ bytes }, i) => [`IMAGES/DICOMS/IM${i + 1}`, bytes]),
  );
});

test('any range of it can be asked for, and the pieces are the whole', async () => {
  const whole = await bytesOf(await ask());
  const { length } = whole;
  const ranges: Record<string, [number, number]> = {
    'bytes=0-0': [0, 1],
    'bytes=0-99': [0, 100],
    'bytes=100-': [100, length],
    'bytes=-100': [length - 100, length],
    [`bytes=-${length * 2}`]: [0, length],
    [`bytes=${length - 1}-${length + 500}`]: [length - 1, length],
    'bytes=9000-20000': [9000, 20001],
  };
  for (const [range, [start, end]] of Object.entries(ranges)) {
    const response = await ask({ range });
    assert.equal(response.status, 206, range);
    assert.equal(response.headers.get('content-range'), `bytes ${start}-${end - 1}/${length}`);
    assert.equal(response.headers.get('content-length'), String(end - start));
    assert.ok((await bytesOf(response)).equals(whole.subarray(start, end)), range);
  }
});

test('a range that begins after the end cannot be satisfied', async () => {
  const { length } = await bytesOf(await ask());
  for (const range of [`bytes=${length}-`, 'bytes=-0', 'bytes=5-2']) {
    const response = await ask({ range });
    assert.equal(response.status, 416, range);
    assert.equal(response.headers.get('content-range'), `bytes */${length}`);
  }
});

test('what is no single range is answered with the whole', async () => {
  for (const range of ['bytes=0-1,5-6', 'lines=0-1', 'bytes=-', 'bytes=a-b']) {
    assert.equal((await ask({ range })).status, 200, range);
  }
});

test('a download goes on only with the same package', async () => {
  const etag = (await ask()).headers.get('etag') ?? '';
  assert.equal((await ask({ range: 'bytes=10-', 'if-range': etag })).status, 206);
  assert.equal((await ask({ range: 'bytes=10-', 'if-range': '"another"' })).status, 200);
});

test('HEAD tells the length of the whole and leaves no trace of a download', async () => {
  const taken = async () =>
    (
      await world.exchange.db
        .selectFrom('auditEntry')
        .select('id')
        .where('action', '=', 'study.downloaded')
        .execute()
    ).length;
  const before = await taken();
  const response = await ask({ range: 'bytes=0-9' }, 'HEAD');
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-range'), null);
  assert.equal(Number(response.headers.get('content-length')), (await bytesOf(await ask())).length);
  assert.equal(await taken(), before + 1, 'the GET alone is written down');
});

test('other methods are told which ones there are', async () => {
  for (const method of ['POST', 'PUT', 'DELETE']) {
    const response = await ask({}, method);
    assert.equal(response.status, 405, method);
    assert.equal(response.headers.get('allow'), 'GET, HEAD');
  }
});

test('exams that wait for Confirm may be looked at and not taken', async () => {
  const { exchange, url } = world;
  const request = await anOpenedRequest(exchange, facility);
  const share = await createShare(exchange, facility.work, {
    facility: facility.slug,
    requestId: request.requestId,
  });
  const recipient = await aRecipient(exchange, { code: share.code, birthDate: '1981/08/29' });
  const writer = await aWriter(exchange, request);
  const held = aStudy({ key: 'held back' });
  await announce(exchange, writer, manifestOf(held));
  await sendPack(exchange, writer, held.files);
  await finishUpload(exchange, writer);
  await world.work();
  const download = `${url}/downloads/${share.shareId}/exams.zip?exam=${await studyId(held)}`;
  const look = `${url}/dicomweb/s/${share.shareId}/studies/${held.studyInstanceUid}/series`;
  assert.equal((await fetch(look, { headers: recipient })).status, 200);
  assert.equal((await fetch(download, { headers: recipient })).status, 404);
  await confirmUpload(exchange, writer);
  assert.equal((await fetch(download, { headers: recipient })).status, 200);
});

test('an exam that is none of the share’s is not there', async () => {
  for (const exam of ['', 'x', '1.2.3', crypto.randomUUID()]) {
    const response = await fetch(`${world.url}${path.replace(/exam=.*/, `exam=${exam}`)}`, {
      headers: papers,
    });
    assert.equal(response.status, 404, exam);
  }
});

test('a client that leaves in the middle leaves the server standing', async () => {
  for (let i = 0; i < 10; i++) {
    const left = new AbortController();
    const response = await fetch(`${world.url}${path}`, { headers: papers, signal: left.signal });
    await response.body?.getReader().read();
    left.abort();
  }
  assert.equal((await ask()).status, 200);
});

test('of exams that have changed since, the package is gone, and a sentence says what to do', async () => {
  const { exchange, url } = world;
  const losing = aStudy({ key: 'losing' });
  await storeFiles(exchange, facility, { files: losing.files });
  const { studyInstanceUid } = losing;
  const share = await createShare(exchange, facility.work, {
    facility: facility.slug,
    studyInstanceUids: [studyInstanceUid],
  });
  const taker = {
    papers: await aRecipient(exchange, { code: share.code, birthDate: '1981/08/29' }),
    from: { shareId: share.shareId },
  };
  const { packageId } = await aPackage(world, taker, { studyInstanceUids: [studyInstanceUid], kind: 'iso' });
  const address = `${url}${packagePath(taker.from, packageId)}`;
  assert.equal((await fetch(address, { method: 'HEAD', headers: taker.papers })).status, 200);
  const [lost] = losing.files;
  await exchange.db
    .deleteFrom('instance')
    .where('sopInstanceUid', '=', lost?.sopInstanceUid ?? '')
    .execute();
  const gone = await fetch(address, { headers: taker.papers });
  assert.equal(gone.status, 410);
  assert.match(await gone.text(), /The exams have changed since/);
});

test('a package that is still being prepared is asked for again in a moment', async () => {
  const { exchange, url } = world;
  const large = aStudy({ key: 'large', series: [{ instances: 501, rows: 8, columns: 8 }] });
  await storeFiles(exchange, facility, { files: large.files });
  const { shareId, code } = await createShare(exchange, facility.work, {
    facility: facility.slug,
    studyInstanceUids: [large.studyInstanceUid],
  });
  const recipient = await aRecipient(exchange, { code, birthDate: '1981/08/29' });
  const address = `${url}/downloads/${shareId}/exams.zip?exam=${await studyId(large)}`;
  const early = await fetch(address, { headers: recipient });
  assert.deepEqual([early.status, early.headers.get('retry-after')], [503, '1']);
  await world.work();
  const zip = await bytesOf(await fetch(address, { headers: recipient }));
  assert.equal([...unzipped(zip).keys()].filter((name) => name.startsWith('IMAGES/DICOMS/')).length, 501);
});
