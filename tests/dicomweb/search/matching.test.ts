import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { type Clinic, type Key, KEYS, STUDIES, aClinic, keysOf } from './clinic.ts';

let clinic: Clinic;
before(async () => {
  clinic = await aClinic();
});
after(() => clinic.world.close());

const all = KEYS;
const none: Key[] = [];
const uidOf = (key: Key) => STUDIES[key].studyInstanceUid;

/** Asks for studies and compares which were found, whatever their order. */
async function finds(asked: Record<string, readonly string[]>): Promise<void> {
  for (const [query, expected] of Object.entries(asked)) {
    const { status, results } = await clinic.ask(`/studies?${query}`);
    assert.equal(status, expected.length > 0 ? 200 : 204, query);
    assert.deepEqual(keysOf(results).sort(), [...expected].sort(), query);
  }
}

test('text matches as it is written, case and all', async () => {
  await finds({
    'PatientID=MX1': ['doe'],
    'PatientID=mx1': ['doeman'],
    '00100020=MX1': ['doe'],
    'PatientID=%20MX1%20': ['doe'],
    'PatientID=X1': none,
    'AccessionNumber=ACC-1': ['head'],
    'StudyDescription=CT%20Head': ['head'],
    'StudyDescription=ct%20head': none,
    'StudyID=CINE': ['cine'],
    'IssuerOfPatientID=SAINT-ANTONY': ['head', 'cine', 'chest'],
    'InstitutionName=St.%20Antony%20Memorial%20Hospital': all,
  });
});

test('a star is any run of characters and a question mark any one; what SQL takes for wildcards is none', async () => {
  await finds({
    'PatientID=MX*': ['doe', 'doejane'],
    'PatientID=M?1': ['muller', 'yamada', 'doe'],
    'PatientID=*X1': ['doe'],
    'PatientID=M*1': ['muller', 'yamada', 'doe', 'doejane'],
    'PatientID=M%251': ['yamada'],
    'PatientID=M_1': ['muller'],
    'PatientID=M_*': ['muller'],
    'PatientID=??????????*': ['head', 'cine', 'chest'],
    'AccessionNumber=?CC-1': ['head', 'chest'],
    'AccessionNumber=ACC-*': ['head', 'cine'],
    'StudyDescription=*100%25*': ['chest'],
    'StudyDescription=*100_*': none,
  });
});

test('an absent, empty or starred value matches everything', async () => {
  await finds({
    '': all,
    'PatientID=': all,
    'PatientName=*': all,
    'StudyDate=': all,
    'AccessionNumber=%20': all,
    'PatientName=**&PatientID=*&StudyInstanceUID=*': all,
  });
});

test('two quotation marks match what has no value', async () => {
  await finds({
    'PatientID=%22%22': ['nothing'],
    'PatientName=%22%22': ['nothing'],
    'StudyDate=%22%22': ['nothing'],
    'StudyTime=%22%22': ['nothing'],
    'AccessionNumber=%22%22': ['nothing'],
    'ModalitiesInStudy=%22%22': ['nothing'],
    'PatientBirthDate=%22%22': ['nothing'],
    'ReferringPhysicianName=%22%22': ['nothing'],
    'StudyDescription=%22%22': ['muller', 'yamada', 'doe', 'doejane', 'doeman', 'nothing'],
  });
});

test('case, accents, carets and hyphens of a name do not matter', async () => {
  await finds({
    'PatientName=lovelace%5EADA': ['head', 'cine'],
    'PatientName=Lovelace%5EAda%5E%5E%5E': ['head', 'cine'],
    'PatientName=Lovelace%20Ada': ['head', 'cine'],
    'PatientName=Lovelace': none,
    'PatientName=Lovelace*': ['head', 'cine', 'chest'],
    'PatientName=Lovelace%5E*': ['head', 'cine', 'chest'],
    'PatientName=*%5EJane': ['doejane', 'doeman'],
    'PatientName=*love*noah*': ['chest'],
    'PatientName=L?velace%5EAda': ['head', 'cine'],
    'PatientName=muller-ludenscheidt%5Ejorg%5E%5Edr': ['muller'],
    'PatientName=M%C3%9CLLER*': ['muller'],
    'PatientName=Mu%CC%88ller*': ['muller'],
    'PatientName=doe': ['doe'],
    'PatientName=Doe%5E%5E': ['doe'],
    'PatientName=Doe%5E*': ['doe', 'doejane'],
    'PatientName=O%27Doeman*': ['doeman'],
    'PatientName=*%25*': none,
    'PatientName=Lovelace_Ada': none,
    'ReferringPhysicianName=okafor%5Engozi%5E%5Edr': all.filter((key) => key !== 'nothing'),
    'ReferringPhysicianName=*ngozi*': all.filter((key) => key !== 'nothing'),
    'ReferringPhysicianName=okafor': none,
  });
});

test('a name is found by any of its groups', async () => {
  await finds({
    [`PatientName=${encodeURIComponent('山田^太郎')}`]: ['yamada'],
    [`PatientName=${encodeURIComponent('山田*')}`]: ['yamada'],
    [`PatientName=${encodeURIComponent('*太郎')}`]: ['yamada'],
    [`PatientName=${encodeURIComponent('やまだ^たろう')}`]: ['yamada'],
    [`PatientName=${encodeURIComponent('Yamada^Tarou=山田^太郎=やまだ^たろう')}`]: ['yamada'],
    [`PatientName=${encodeURIComponent('=山田^太郎')}`]: ['yamada'],
    [`PatientName=${encodeURIComponent('山田')}`]: none,
    [`PatientName=${encodeURIComponent('太郎*')}`]: none,
    [`PatientName=${encodeURIComponent('Иванов*')}`]: none,
    'PatientName=yamada%5Etarou': ['yamada'],
  });
});

test('fuzzy matching finds names by the beginnings of their words, in any order', async () => {
  await finds({
    'PatientName=ada%20love&fuzzymatching=true': ['head', 'cine'],
    'PatientName=jane%20doe&fuzzymatching=true': ['doejane', 'doeman'],
    'PatientName=jane%20doem&fuzzymatching=true': ['doeman'],
    'PatientName=jane&fuzzymatching=true': ['doejane', 'doeman'],
    'PatientName=jor%20mul&fuzzymatching=TRUE': ['muller'],
    'PatientName=velace&fuzzymatching=true': none,
    'PatientName=jane&fuzzymatching=false': none,
    [`PatientName=${encodeURIComponent('太郎')}&fuzzymatching=true`]: ['yamada'],
    'ReferringPhysicianName=ngozi&fuzzymatching=true&StudyID=HEAD': ['head'],
  });
});

test('dates match a day or a range with either end open', async () => {
  await finds({
    'StudyDate=20260412': ['head', 'chest'],
    'StudyDate=2026.04.12': ['head', 'chest'],
    'StudyDate=20250101-20260411': ['cine'],
    'StudyDate=20250101-': ['head', 'cine', 'chest'],
    'StudyDate=-20220102': ['doe', 'doejane'],
    'StudyDate=20240229': ['muller'],
    'StudyDate=20260413-20260401': none,
    'PatientBirthDate=19810829': ['head', 'cine'],
    'PatientBirthDate=20180101-20181231': ['chest'],
  });
});

test('times match whatever precision either side has', async () => {
  await finds({
    'StudyTime=101500&StudyDate=20260412': ['head'],
    'StudyTime=10&StudyDate=20260412': ['head'],
    'StudyTime=1015-1015&StudyDate=20260412': ['head'],
    'StudyTime=0900': ['chest'],
    'StudyTime=090000': ['chest'],
    'StudyTime=09:00:00': ['chest'],
    'StudyTime=0800-0900': ['chest'],
    'StudyTime=-0005': ['doe'],
    'StudyTime=235959.5': ['cine'],
    'StudyTime=235959.6-': none,
    'StudyTime=2359-': ['cine'],
    'StudyDate=20260412&StudyTime=0000-0930': ['chest'],
  });
});

test('lists of UIDs come with commas, backslashes or repetition; codes likewise and in any case', async () => {
  await finds({
    [`StudyInstanceUID=${uidOf('head')}`]: ['head'],
    [`StudyInstanceUID=${uidOf('head')},${uidOf('doe')}`]: ['head', 'doe'],
    [`StudyInstanceUID=${uidOf('head')}%5C${uidOf('doe')}`]: ['head', 'doe'],
    [`StudyInstanceUID=${uidOf('head')}&0020000D=${uidOf('doe')}`]: ['head', 'doe'],
    [`0020000d=${uidOf('head')},1.2.3`]: ['head'],
    'StudyInstanceUID=1.2.3': none,
    'ModalitiesInStudy=US': ['cine'],
    'ModalitiesInStudy=us,cr': ['cine', 'chest'],
    'ModalitiesInStudy=US%5CCR': ['cine', 'chest'],
    'ModalitiesInStudy=MR': ['head'],
    'ModalitiesInStudy=C*': all.filter((key) => key !== 'cine' && key !== 'nothing'),
    'ModalitiesInStudy=?R': ['head', 'chest'],
    'PatientID=MX1%5CMX11': ['doe', 'doejane'],
    'PatientID=MX1,MX11': none,
    'PatientSex=f': ['head', 'cine'],
    'SOPClassesInStudy=1.2.840.10008.5.1.4.1.1.1': ['chest'],
  });
});

test('a study is found by the modalities it has, whenever they came to it', async (t) => {
  const { db } = clinic.world.exchange;
  const become = (modalities: string[]) =>
    db.updateTable('study').set({ modalities }).where('studyInstanceUid', '=', uidOf('cine')).execute();
  t.after(() => become(['US']));
  await become(['US', 'XA']);
  await finds({
    'ModalitiesInStudy=XA': ['cine'],
    'ModalitiesInStudy=US': ['cine'],
    'ModalitiesInStudy=X*': ['cine'],
  });
  await become(['ECG']);
  await finds({
    'ModalitiesInStudy=ECG': ['cine'],
    'ModalitiesInStudy=US,XA': none,
  });
  // More than an entry of a btree takes, of letters that do not compress.
  const many = Array.from({ length: 300 }, (_, i) =>
    createHash('md5').update(`${i}`).digest('hex').slice(16).toUpperCase(),
  );
  await become(many);
  await finds({ [`ModalitiesInStudy=${many[299]}`]: ['cine'] });
});

test('numbers match as numbers', async () => {
  await finds({
    'NumberOfStudyRelatedInstances=2': ['chest'],
    'NumberOfStudyRelatedInstances=02,4': ['chest', 'head'],
    'NumberOfStudyRelatedSeries=2': ['head'],
    'NumberOfStudyRelatedSeries=99999999999': none,
  });
});

test('several keys must all match, whatever each of them does', async () => {
  await finds({
    'PatientName=Lovelace*&ModalitiesInStudy=CR': ['chest'],
    'PatientName=*velace*&StudyDate=20250101': ['cine'],
    'PatientName=*velace*&ModalitiesInStudy=CR&PatientSex=M': ['chest'],
  });
});

test('what lies below a study finds it: one series must have all that is asked of series', async () => {
  await finds({
    'Modality=US': ['cine'],
    'Modality=CT&SeriesDescription=Axial*': ['head'],
    'Modality=MR&SeriesDescription=Axial*': none,
    'BodyPartExamined=head': ['head'],
    [`SeriesInstanceUID=${STUDIES.chest.files[0]?.seriesInstanceUid}`]: ['chest'],
    [`SOPInstanceUID=${STUDIES.chest.files[1]?.sopInstanceUid}`]: ['chest'],
    [`SOPInstanceUID=${STUDIES.chest.files[1]?.sopInstanceUid}&Modality=CT`]: none,
    'NumberOfFrames=3': ['cine'],
  });
});

test('a value of the wrong kind is answered with a sentence about it, and with nothing else', async () => {
  const malformed: Record<string, RegExp> = {
    'StudyDate=yesterday': /^StudyDate must be YYYYMMDD/,
    'StudyDate=20261301': /^StudyDate must be/,
    'StudyDate=20230229': /^StudyDate must be/,
    'StudyDate=2026': /^StudyDate must be/,
    'StudyDate=2026*': /^StudyDate must be/,
    'StudyDate=-': /^StudyDate must be/,
    'StudyDate=20260101-20260201-20260301': /^StudyDate must be/,
    'StudyTime=25': /^StudyTime must be HHMMSS/,
    'StudyTime=1': /^StudyTime must be/,
    'StudyInstanceUID=1.2.*': /^StudyInstanceUID takes no wildcards/,
    [`StudyInstanceUID=${'1'.repeat(65)}`]: /^StudyInstanceUID must be a UID/,
    'StudyInstanceUID=1%202': /^StudyInstanceUID must be/,
    'NumberOfStudyRelatedSeries=many': /^NumberOfStudyRelatedSeries must be a whole number/,
    'limit=-1': /^limit must be a whole number/,
    'limit=ten': /^limit must be/,
    'offset=-1': /^offset must be/,
    'offset=1.5': /^offset must be/,
    'offset=99999999999999999999': /^offset must be at most/,
    'fuzzymatching=maybe': /^fuzzymatching must be true or false/,
    'emptyvaluematching=1': /^emptyvaluematching must be true or false/,
    'multiplevaluematching=yes': /^multiplevaluematching must be true or false/,
    'PatientID=50%': /percent sign/,
    'PatientID=%00': /NUL/,
  };
  for (const [query, sentence] of Object.entries(malformed)) {
    const response = await fetch(`${clinic.world.url}/dicomweb/studies?${query}`, {
      headers: { authorization: `Bearer ${clinic.device.key}` },
    });
    assert.equal(response.status, 400, query);
    assert.match((await response.json()).error, sentence, query);
  }
});

test('what cannot be searched by is said, and ignored', async () => {
  const { status, headers, results } = await clinic.ask(
    '/studies?PatientAge=045Y&Nonsense=1&00400275.00080050=x&%22%0A=2&PatientID=MX1',
  );
  assert.equal(status, 200);
  assert.deepEqual(keysOf(results), ['doe']);
  const warning = headers.get('warning') ?? '';
  for (const name of ['PatientAge', 'Nonsense', '00400275.00080050', 'What was asked']) {
    assert.match(warning, new RegExp(`299 filmpost "${name} is not searched by`), name);
  }
  assert.equal((await clinic.ask('/studies?PatientID=MX1')).headers.get('warning'), null);
});
