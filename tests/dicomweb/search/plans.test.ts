import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { questionOf } from '@filmpost/api/http/dicomweb/qido-query.ts';
import { admit } from '@filmpost/exchange/access/gate/commands.ts';
import type { Granted } from '@filmpost/exchange/access/gate/schema.ts';
import { findMatches, matchesStatement } from '@filmpost/exchange/archive/search/queries.ts';
import type { Place } from '@filmpost/exchange/archive/search/schema.ts';
import { CompiledQuery } from 'kysely';
import { fillCatalogue } from '../../bench/qido-catalogue.ts';
import { SHAPES, numbers } from '../../bench/qido-shapes.ts';
import { type World, anExchange } from '../../world/exchange.ts';
import { aDevice, aFacility } from '../../world/facility.ts';
import { visitorWith, withKey } from '../../world/visitors.ts';

const STUDIES = 20_000;
const studies = 'http://127.0.0.1/dicomweb/studies';
const study = `2.25.7${'7'.padStart(30, '0')}`;

let world: World;
let granted: Granted<'archive:read'>;
before(async () => {
  world = await anExchange();
  const { exchange } = world;
  const facility = await aFacility(exchange);
  await fillCatalogue(exchange.db, { facilityId: facility.id, count: STUDIES });
  const { key } = await aDevice(exchange, facility);
  const visitor = await visitorWith(exchange, withKey(key));
  granted = await admit(exchange, visitor, { capability: 'archive:read', subject: { facility: null } });
});
after(() => world.close());

const sought = (query: string, place: Place) => ({
  search: questionOf(new URLSearchParams(query), place).search,
  studies,
});

/** The plan for these very values, and the one that is made once for all values. */
async function plansOf(query: string, place: Place): Promise<string[]> {
  const { text, parameters } = matchesStatement(world.exchange, granted, sought(query, place));
  const explain = async (options: string, values: unknown[]) => {
    const compiled = CompiledQuery.raw(`explain (${options}) ${text}`, values);
    const { rows } = await world.exchange.db
      .withoutPlugins()
      .executeQuery<{ 'QUERY PLAN': string }>(compiled);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  };
  return [await explain('analyze, buffers', parameters), await explain('generic_plan', [])];
}

/** Tables are read by indexes, and the one that is named leads. */
async function isLed(query: string, place: Place, index: string): Promise<string[]> {
  const plans = await plansOf(query, place);
  for (const plan of plans) {
    assert.ok(new RegExp(`(?:using|on) ${index}\\b`).test(plan), `not by ${index}: ${query}\n${plan}`);
    const whole = /Seq Scan on (?:study|series|instance|patient|metadata_part)\b/.exec(plan);
    assert.equal(whole, null, `${query || 'everything'} of ${place.level}\n${plan}`);
  }
  return plans;
}

const LEADING: Record<string, string> = {
  patient: 'study_by_patient',
  'date + modality': 'study_by_date',
  'name*': 'study_by_name_prefix',
  '*infix*': 'study_by_date',
  worklist: 'study_by_date',
};
for (const [shape, ask] of Object.entries(SHAPES)) {
  test(`a search by ${shape} is led by an index to its studies`, async () => {
    const pick = numbers(7);
    for (let i = 0; i < 5; i++) await isLed(ask(pick, STUDIES), { level: 'study' }, LEADING[shape] ?? '?');
  });
}

test('by date and modality, no study is read that does not match', async () => {
  for (const modality of ['CT', 'PT,CT', 'C*']) {
    const query = `StudyDate=20200101-20200131&ModalitiesInStudy=${modality}&limit=101`;
    const [plan = ''] = await isLed(query, { level: 'study' }, 'study_by_date');
    const [, reading = ''] = plan.split(/Scan using study_by_date/);
    assert.match(reading, /Index Cond: .*hash_array\(modalities\)/, plan);
    assert.doesNotMatch(reading, /Rows Removed by (?:Filter|Index Recheck)/, plan);
  }
});

test('so are the other searches that are made every day, at every level', async () => {
  const studyLevel: Place = { level: 'study' };
  const asked: [query: string, place: Place, index: string][] = [
    ['AccessionNumber=A00000007', studyLevel, 'study_by_accession'],
    ['AccessionNumber=A0000000*&limit=101', studyLevel, 'study_by_accession'],
    ['PatientID=P000000*&limit=101', studyLevel, 'study_by_patient'],
    ['PatientName=nobody*&limit=101', studyLevel, 'study_by_name_prefix'],
    ['PatientName=*nobody*&limit=101', studyLevel, 'study_by_name'],
    ['PatientName=nobody&fuzzymatching=true&limit=101', studyLevel, 'study_by_name'],
    [`PatientName=${encodeURIComponent('山田*')}&limit=101`, studyLevel, 'patient_by_other_name'],
    [`StudyInstanceUID=${study}`, studyLevel, 'study_uid'],
    ['StudyDate=20200101-20200131&limit=101', studyLevel, 'study_by_date'],
    ['limit=101&offset=5000', studyLevel, 'study_by_date'],
    [`SeriesInstanceUID=${study}.1`, studyLevel, 'series_uid'],
    ['', { level: 'series', studyInstanceUid: study }, 'study_uid'],
    ['limit=101', { level: 'series' }, 'study_by_date'],
    ['PatientID=P0000007', { level: 'series' }, 'study_by_patient'],
    [`SeriesInstanceUID=${study}.1`, { level: 'series' }, 'series_uid'],
    ['', { level: 'instance', studyInstanceUid: study }, 'study_uid'],
    ['', { level: 'instance', studyInstanceUid: study, seriesInstanceUid: `${study}.1` }, 'series_uid'],
    ['limit=101', { level: 'instance' }, 'study_by_date'],
    [`SOPInstanceUID=${study}.1.1`, { level: 'instance' }, 'instance_uid'],
  ];
  for (const [query, place, index] of asked) await isLed(query, place, index);
});

test('a part of many names is found among the newest, in an index alone', async () => {
  const [plan = ''] = await isLed('PatientName=*anne*&limit=3', { level: 'study' }, 'study_by_date');
  assert.match(plan, /Index Only Scan using study_by_date/);
  assert.match(
    plan,
    /Bitmap Index Scan on study_by_name .*never executed|study_by_date.*never executed/s,
    plan,
  );
});

test('whichever way a name is looked for, the same studies are found in the same order', async () => {
  const { exchange } = world;
  const found = async (query: string) => {
    const rows = await findMatches(exchange, granted, sought(query, { level: 'study' }));
    return rows.map(({ json }) => JSON.parse(json)['0020000D'].Value[0]);
  };
  for (const part of ['ann', 'lov', 'vict', 'zimmer ada', 'x']) {
    // Without a limit all are found by their letters; a short page is looked for among the newest first.
    const all = await found(`PatientName=*${part}*`);
    for (const offset of [0, 3, 100]) {
      assert.deepEqual(
        await found(`PatientName=*${part}*&limit=20&offset=${offset}`),
        all.slice(offset, offset + 20),
      );
    }
    const prefixed = await found(`PatientName=${part}*`);
    assert.deepEqual(await found(`PatientName=${part}*&limit=20&offset=3`), prefixed.slice(3, 23));
  }
});
