import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fillCatalogue } from '../../bench/qido-catalogue.ts';
import { aDevice, aFacility } from '../../world/facility.ts';
import { withKey } from '../../world/visitors.ts';
import { type Clinic, KEYS, STUDIES, aClinic, answerOf, keysOf, valueOf } from './clinic.ts';

let clinic: Clinic;
before(async () => {
  clinic = await aClinic();
});
after(() => clinic.world.close());

test('the newest come first, and those of an unknown day last', async () => {
  const { results } = await clinic.ask('/studies');
  const keys = keysOf(results);
  assert.deepEqual(keys, [
    'head',
    'chest',
    'cine',
    'muller',
    'yamada',
    'doeman',
    'doejane',
    'doe',
    'nothing',
  ]);
});

test('pages neither overlap nor miss, at any size and level', async () => {
  for (const path of [
    '/studies',
    '/series',
    '/instances',
    `/studies/${STUDIES.head.studyInstanceUid}/instances`,
  ]) {
    const whole = (await clinic.ask(path)).results.map((result) => valueOf(result, '00081190'));
    for (const size of [1, 2, 5]) {
      const paged: unknown[] = [];
      for (let offset = 0; offset < whole.length; offset += size) {
        const { results } = await clinic.ask(`${path}?limit=${size}&offset=${offset}`);
        paged.push(...results.map((result) => valueOf(result, '00081190')));
      }
      assert.deepEqual(paged, whole, `${path} by ${size}`);
    }
  }
});

test('limit and offset may be nothing, huge or beyond the last', async () => {
  const statuses: Record<string, number> = {
    'limit=0': 204,
    'limit=0&PatientID=MX1': 204,
    'limit=1&offset=8': 200,
    'limit=1&offset=9': 204,
    'offset=999999999': 204,
    'limit=99999999999999999999': 200,
    'limit=5000': 200,
  };
  for (const [query, status] of Object.entries(statuses)) {
    const answer = await clinic.ask(`/studies?${query}`);
    assert.equal(answer.status, status, query);
    assert.equal(answer.headers.get('warning'), null, query);
  }
  assert.equal((await clinic.ask('/studies?limit=99999999999')).results.length, KEYS.length);
});

test('what we bound ourselves is said to be bounded, and goes on where it ended', async () => {
  const { exchange, url } = clinic.world;
  const facility = await aFacility(exchange, { slug: 'large' });
  await fillCatalogue(exchange.db, { facilityId: facility.id, count: 5100 });
  const { key } = await aDevice(exchange, facility);
  const ask = (query: string) => answerOf(`${url}/dicomweb/studies?${query}`, withKey(key));
  const whole = await ask('');
  assert.equal(whole.results.length, 5000);
  assert.match(whole.headers.get('warning') ?? '', /^299 filmpost "There are more results than 5000/);
  const rest = await ask('offset=5000');
  assert.equal(rest.results.length, 100);
  assert.equal(rest.headers.get('warning'), null);
  const uids = [...whole.results, ...rest.results].map((result) => valueOf(result, '0020000D'));
  assert.equal(new Set(uids).size, 5100);
  const stored = await ask('includefield=PatientAge');
  assert.equal(stored.results.length, 200);
  assert.match(stored.headers.get('warning') ?? '', /more results than 200/);
  assert.equal((await ask('limit=300')).headers.get('warning'), null);
});
