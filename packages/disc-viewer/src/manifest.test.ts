import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import type { JsonDataSet } from '@filmpost/dicom/directory/dicom-json.ts';
import { discScript } from './disc-script.ts';
import { type ListedInstance, manifestOf } from './manifest.ts';
import { webCopies } from './web-copies.ts';

interface Said {
  [tag: string]: unknown;
}

/** An image by its study, series and number; `said` sets or removes attributes. */
function instance(study: number, series: number, number: number, said: Said = {}): ListedInstance {
  const values: Said = {
    '00100010': { Alphabetic: 'Lovelace^Ada' },
    '00100020': 'A1',
    '00100030': '19810829',
    '00080020': '20260412',
    '0020000D': `1.${study}`,
    '0020000E': `1.${study}.${series}`,
    '00200011': series,
    '00280010': 64,
    ...said,
  };
  const dataSet: JsonDataSet = Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([tag, value]) => [tag, { vr: 'UN', Value: [value] }]),
  );
  const id = `${study}.${series}.${number}`;
  return { fileId: ['IMAGES', 'DICOMS', `IM${number}`], sopInstanceUid: `1.${id}`, dataSet };
}

const institution = 'Saint Antony Hospital';

/** What the script says to a page that runs it. */
function discOf(script: string): unknown {
  return new Function(`${script}; return FILMPOST_DISC;`)();
}

test('people, exams and series are gathered as DICOMDIR does, series in the order of their numbers', () => {
  const { patients } = manifestOf(
    [
      instance(1, 10, 1),
      instance(1, 2, 2),
      instance(2, 1, 3),
      instance(3, 1, 4, { '00100010': { Alphabetic: 'Lovelace^Noah' } }),
      instance(1, 10, 5),
    ],
    { institution },
  );
  assert.deepEqual(
    patients.map(({ name, birthDate, exams }) => [name, birthDate, exams.length]),
    [
      ['Lovelace, Ada', '1981/08/29', 2],
      ['Lovelace, Noah', '1981/08/29', 1],
    ],
  );
  const series = patients[0]?.exams[0]?.series.map(({ number, images }) => [number, images.length]);
  assert.deepEqual(series, [
    ['2', 1],
    ['10', 2],
  ]);
});

test('a recording has its frames, a report none', () => {
  const { patients } = manifestOf(
    [instance(1, 1, 1, { '00280008': 25 }), instance(1, 1, 2, { '00280010': undefined })],
    { institution },
  );
  assert.deepEqual(
    patients[0]?.exams[0]?.series[0]?.images.map(({ frames }) => frames),
    [25, 0],
  );
});

test('the script is ASCII, ends no element, and says what the manifest says', () => {
  const name = '</script>山田\u2028\u202e"\\';
  const script = discScript(
    manifestOf([instance(1, 1, 1, { '00100010': { Ideographic: name } })], { institution }),
  );
  assert.match(script, /^[\n\x20-\x7e]*$/);
  assert.doesNotMatch(script, /</);
  const [patient] = (discOf(script) as { patients: { name: string }[] }).patients;
  assert.equal(patient?.name, '</script>山田 "\\');
});

test('the page of copies is well-formed XML, whatever texts stand in it', (t) => {
  const hostile = '<svg onload="x()">&\'\u{1f600}\ufffe';
  const said = { '00081030': hostile, '0008103E': hostile };
  const copies = () => [{ image: 0, jpeg: Uint8Array.of(0xff, 0xd8) }];
  const [page] = webCopies(manifestOf([instance(1, 1, 1, said)], { institution, copies }));
  const script = 'import sys,xml.dom.minidom as x;x.parseString(sys.stdin.buffer.read())';
  const { error, status, stderr } = spawnSync('python3', ['-c', script], { input: page?.bytes });
  if (error) return t.skip('python3 is not installed here');
  assert.equal(status, 0, String(stderr));
});

test('copies lie where the script and the page without script look for them', () => {
  const jpeg = Uint8Array.of(0xff, 0xd8);
  const copies = () => [{ image: 0, jpeg }];
  const manifest = manifestOf([instance(1, 1, 1), instance(1, 2, 2), instance(2, 1, 3)], {
    institution,
    copies: (series) => (series.startsWith('1.1.') ? copies() : []),
  });
  const files = webCopies(manifest);
  assert.deepEqual(
    files.map(({ path }) => path),
    ['IHE_PDI/INDEX.HTM', 'IHE_PDI/P1.JPG', 'IHE_PDI/P2.JPG'],
  );
  assert.match(discScript(manifest), /"path":"IHE_PDI\/P2.JPG"/);
  const page = new TextDecoder().decode(files[0]?.bytes);
  assert.match(page, /<img src="P2.JPG"/);
  assert.equal(page.match(/<h2>/g)?.length, 1, 'an exam without copies is not named');
  assert.deepEqual(webCopies(manifestOf([instance(1, 1, 1)], { institution })), []);
});
