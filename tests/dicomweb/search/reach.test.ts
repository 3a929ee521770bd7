import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createShare } from '@filmpost/exchange/shares/commands.ts';
import { numbers } from '../../bench/qido-shapes.ts';
import { type Study, aStudy } from '../../world/dicom/study.ts';
import { type ServedWorld, aServer } from '../../world/exchange.ts';
import { type Facility, aDevice, aFacility, aStaffMember } from '../../world/facility.ts';
import { aWriter, sendPack } from '../../world/sending.ts';
import { storeFiles } from '../../world/stored.ts';
import { type Papers, aRecipient, anOpenedRequest, signedIn, withKey } from '../../world/visitors.ts';
import { type Answer, answerOf, valueOf } from './clinic.ts';

/** Somebody who may search, and the accession numbers of all that is to be found by them. */
interface Principal {
  name: string;
  root: string;
  papers: Papers;
  may: string[];
}

const KEYS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const HELD = 'held';
const birthDate = '1981/08/29';
const pick = numbers(3);
const some = () => KEYS.filter(() => pick(2) === 0);

let world: ServedWorld;
let principals: Principal[];
before(async () => {
  world = await aServer();
  principals = [...(await aHouse('north')), ...(await aHouse('south'))];
});
after(() => world.close());

/** The same study at another facility has the same UIDs, and an accession number of its own. */
function studyAt(slug: string, key: string): Study {
  return aStudy({
    key,
    accessionNumber: `${slug}-${key}`,
    studyDescription: `Exam ${key}`,
    series: [{ instances: 2 }, { instances: 1, modality: 'MR' }],
  });
}

/** A facility with some of all studies, one held for a request, and everybody who may search there. */
async function aHouse(slug: string): Promise<Principal[]> {
  const { exchange } = world;
  const facility = await aFacility(exchange, { name: slug, slug });
  const device = await aDevice(exchange, facility);
  const keys = some();
  const files = keys.flatMap((key) => studyAt(slug, key).files);
  await storeFiles(exchange, facility, { files, device });
  const may = keys.map((key) => `${slug}-${key}`);
  const person = { name: slug, email: `${slug}@clinic.example`, password: 'fifteen letters and more' };
  const clerk = await aStaffMember(exchange, facility, { ...person, role: 'clerk' });
  return [
    { name: `device of ${slug}`, root: '/dicomweb', papers: withKey(device.key), may },
    { name: `clerk of ${slug}`, root: `/dicomweb/f/${slug}`, papers: await signedIn(exchange, clerk), may },
    ...(await recipientsAt(facility, keys)),
  ];
}

async function recipientsAt(facility: Facility, keys: readonly string[]): Promise<Principal[]> {
  const { slug } = facility;
  const request = await anOpenedRequest(world.exchange, facility);
  const recipients = [await aRecipientOf(facility, { requestId: request.requestId }, [`${slug}-${HELD}`])];
  const writer = await aWriter(world.exchange, request);
  await sendPack(world.exchange, writer, studyAt(slug, HELD).files);
  await world.work();
  for (let i = 0; i < 4; i++) {
    const chosen = keys.filter((_key, at) => at === i || pick(3) === 0);
    const studyInstanceUids = chosen.map((key) => studyAt(slug, key).studyInstanceUid);
    if (chosen.length === 0) continue;
    const may = chosen.map((key) => `${slug}-${key}`);
    recipients.push(await aRecipientOf(facility, { studyInstanceUids }, may));
  }
  return recipients;
}

async function aRecipientOf(
  facility: Facility,
  what: { requestId?: string; studyInstanceUids?: string[] },
  may: string[],
): Promise<Principal> {
  const { exchange } = world;
  const { shareId, code } = await createShare(exchange, facility.work, { facility: facility.slug, ...what });
  const papers = await aRecipient(exchange, { code, birthDate });
  return { name: `recipient of ${may.join()}`, root: `/dicomweb/s/${shareId}`, papers, may };
}

const ask = ({ root, papers }: Principal, path: string): Promise<Answer> =>
  answerOf(`${world.url}${root}${path}`, papers);
const accessions = ({ results }: Answer) => results.map((result) => String(valueOf(result, '00080050')));

test('everybody finds all that is theirs, and nothing else, at every level', async () => {
  for (const principal of principals) {
    for (const path of ['/studies', '/series', '/instances']) {
      const found = new Set(accessions(await ask(principal, path)));
      assert.deepEqual([...found].sort(), principal.may.toSorted(), `${principal.name} at ${path}`);
    }
    const [study] = (await ask(principal, '/studies')).results;
    const url = String(valueOf(study, '00081190'));
    assert.ok(url.startsWith(`${world.url}${principal.root}/studies/`), url);
  }
});

test('whatever is asked by chance, no result is of somebody else', async () => {
  const every = [...KEYS, HELD].map((key) => studyAt('north', key));
  const uids = every.map((study) => study.studyInstanceUid).join();
  const one = () => every[pick(every.length)] ?? assert.fail();
  const keys = [
    () => '',
    () => 'PatientName=*o*',
    () => 'PatientName=lov*',
    () => 'PatientName=ada&fuzzymatching=true',
    () => 'PatientID=SAM-0041207',
    () => 'PatientID=*',
    () => `StudyInstanceUID=${uids}`,
    () => `StudyInstanceUID=${one().studyInstanceUid}`,
    () => `SeriesInstanceUID=${one().files[0]?.seriesInstanceUid}`,
    () => `SOPInstanceUID=${one().files[pick(3)]?.sopInstanceUid}`,
    () => `AccessionNumber=${pick(2) ? 'north' : 'south'}-*`,
    () => 'StudyDate=20200101-',
    () => 'ModalitiesInStudy=MR',
    () => 'Modality=CT',
    () => 'includefield=all',
    () => `limit=${1 + pick(5)}&offset=${pick(4)}`,
  ];
  const places = [
    () => '/studies',
    () => '/series',
    () => '/instances',
    () => `/studies/${one().studyInstanceUid}/series`,
    () => `/studies/${one().studyInstanceUid}/instances`,
    () => {
      const [file] = one().files;
      return `/studies/${file?.studyInstanceUid}/series/${file?.seriesInstanceUid}/instances`;
    },
  ];
  const oneOf = (makers: readonly (() => string)[]) => makers[pick(makers.length)]?.() ?? '';
  let found = 0;
  for (let turn = 0; turn < 400; turn++) {
    const principal = principals[pick(principals.length)] ?? assert.fail();
    const first = pick(keys.length);
    const second = (first + 1 + pick(keys.length - 1)) % keys.length;
    const query = [keys[first]?.(), keys[second]?.(), 'includefield=AccessionNumber'].join('&');
    const path = `${oneOf(places)}?${query}`;
    const answer = await ask(principal, path);
    assert.ok([200, 204].includes(answer.status), `${path}: ${answer.status}`);
    for (const accession of accessions(answer)) {
      assert.ok(principal.may.includes(accession), `${principal.name} found ${accession} by ${path}`);
      found += 1;
    }
  }
  assert.ok(found > 200, `only ${found} results were looked at`);
});

test("another's identifiers lead nowhere", async () => {
  const everything = [...new Set(principals.flatMap(({ may }) => may))];
  for (const principal of principals) {
    for (const accession of everything.filter((each) => !principal.may.includes(each))) {
      const [slug = '', key = ''] = accession.split('-');
      const twin = principal.may.some((each) => each.endsWith(`-${key}`));
      if (twin) continue;
      const [file] = studyAt(slug, key).files;
      const study = `/studies/${file?.studyInstanceUid}`;
      for (const path of [
        `/studies?StudyInstanceUID=${file?.studyInstanceUid}`,
        `/series?SeriesInstanceUID=${file?.seriesInstanceUid}`,
        `/instances?SOPInstanceUID=${file?.sopInstanceUid}`,
        `/studies?AccessionNumber=${accession}`,
        `${study}/series`,
        `${study}/instances`,
        `${study}/series/${file?.seriesInstanceUid}/instances`,
      ]) {
        const { status } = await ask(principal, path);
        assert.equal(status, 204, `${principal.name} at ${path}`);
      }
    }
  }
});

test('that somebody searched is written down once a session, a machine once a day', async () => {
  const { exchange } = world;
  const searches = async () => {
    const rows = await exchange.db
      .selectFrom('auditEntry')
      .select(['actorId', 'subjectKind'])
      .where('action', '=', 'study.searched')
      .execute();
    return rows.length;
  };
  for (const principal of principals) await ask(principal, '/studies');
  assert.equal(await searches(), principals.length);
  world.pass({ days: 1 });
  const [device] = principals;
  assert.ok(device);
  await ask(device, '/studies');
  await ask(device, '/series');
  assert.equal(await searches(), principals.length + 1);
});
