import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aDisc } from '@filmpost/tests/world/dicom/disc.ts';
import { writeDicomdir } from '@filmpost/tests/world/dicom/dicomdir.ts';
import { aStudy } from '@filmpost/tests/world/dicom/study.ts';
import { besideLists } from '../beside-lists.ts';
import { Survey } from '../survey.ts';
import { understandFile } from '../understand-file.ts';
import { ByteSources } from './byte-sources.ts';
import { discFileOf } from './disc-file.ts';
import { MOST_PATHS, compareWithLists } from './disc-lists.ts';

const sources = new ByteSources();
const study = aStudy({ key: 'list', series: [{ modality: 'DX', instances: 4 }] }, 1);
const disc = aDisc({ tame: true, studies: [study] });

/** What the lists among these files name and nobody finds; paths with their bytes. */
async function findings(files: [path: string, bytes: Uint8Array][]) {
  const picked = files.map(([path, bytes]) => ({ path, file: new File([new Uint8Array(bytes)], path) }));
  const survey = new Survey(picked.map(discFileOf));
  for (const [at, { bytes }] of survey.files.entries())
    survey.add([await understandFile(sources.open(bytes), at)]);
  const { missing, unreadable } = await compareWithLists(besideLists(survey), sources);
  return { missing: missing.files, unreadable: unreadable.files, paths: [missing.paths, unreadable.paths] };
}

const on = (folder: string, spell = (path: string) => path) =>
  disc.files.map(({ path, bytes }): [string, Uint8Array] => [folder + spell(path), bytes]);
const images = study.files.map(({ path }) => path);
const nothing = { missing: 0, unreadable: 0, paths: [[], []] };

test('a list that names what is there says nothing, wherever the disc lies and however its names are spelled', async () => {
  for (const files of [on(''), on('CD/'), on('scans.zip/CD/'), on('', (path) => path.toLowerCase())])
    assert.deepEqual(await findings(files), nothing);
  assert.deepEqual(
    await findings(on('CD/', (path) => (images.includes(path) ? `${path}.;1` : path))),
    nothing,
  );
});

test('files that were renamed are known by what they are', async () => {
  const renamed = on('').map(([path, bytes], at): [string, Uint8Array] => [
    images.includes(path) ? `MOVED/${at}.dcm` : path,
    bytes,
  ]);
  assert.deepEqual(await findings(renamed), nothing);
});

test('what is named and not there is counted, and named to whoever holds the disc', async () => {
  const [first = ''] = images;
  const found = await findings(on('CD/').filter(([path]) => path !== `CD/${first}`));
  assert.deepEqual(found, { missing: 1, unreadable: 0, paths: [[`CD/${first}`], []] });
});

test('what is there and is no image any more is told apart; what is told as damaged already is not told twice', async () => {
  const [zeros = '', cut = ''] = images;
  const scratched = on('').map(([path, bytes]): [string, Uint8Array] => {
    if (path === zeros) return [path, new Uint8Array(4096)];
    return [path, path === cut ? bytes.subarray(0, 400) : bytes];
  });
  assert.deepEqual(await findings(scratched), { missing: 0, unreadable: 1, paths: [[], [zeros]] });
});

test('two lists of the same images count them once', async () => {
  const inner = writeDicomdir('INNER', [{ context: study.context, files: study.files }]);
  const lists: [string, Uint8Array][] = [
    ['DICOMDIR', disc.files[0]?.bytes ?? new Uint8Array()],
    ['IMAGES/DICOMDIR', inner],
  ];
  assert.equal((await findings(lists)).missing, 4);
});

test('lists that a console keeps for itself are no list of the disc', async () => {
  const own: [string, Uint8Array][] = on('').map(([path, bytes]) => [
    path === 'DICOMDIR' ? 'ST1/DIRFILE' : path,
    bytes,
  ]);
  assert.deepEqual(await findings(own.slice(0, 1)), nothing);
});

test('a list that lies harms nothing: it is counted, and a few of its names are told', async () => {
  const [one] = study.files;
  assert.ok(one);
  const files = Array.from({ length: 3000 }, (_, at) => ({
    ...one,
    path: `../../ETC/<B>${at}</B>`,
    sopInstanceUid: `2.25.7${at}`,
  }));
  const lying = writeDicomdir('LIES', [{ context: study.context, files }]);
  const found = await findings([...on('').slice(1), ['DICOMDIR', lying]]);
  assert.deepEqual([found.missing, found.unreadable], [3000, 0]);
  assert.equal(found.paths[0]?.length, MOST_PATHS);
});

test('a list that is cut says what it has, and one that nobody can read says nothing', async () => {
  const [path = '', bytes = new Uint8Array()] = on('')[0] ?? [];
  const cut: [string, Uint8Array] = [path, bytes.subarray(0, bytes.length - 300)];
  const { missing } = await findings([cut]);
  assert.ok(missing > 0 && missing < 4, String(missing));
  const gone = new Blob([new Uint8Array(bytes)]);
  gone.slice = () => {
    throw new DOMException('gone', 'NotReadableError');
  };
  const lists = [{ bytes: gone, folder: '' }];
  const found = await compareWithLists({ lists, told: '', instances: '', others: '' }, sources);
  assert.equal(found.missing.files + found.unreadable.files, 0);
});
