import assert from 'node:assert/strict';
import { test } from 'node:test';
import { discZip } from '@filmpost/tests/world/archives/disc-zip.ts';
import { type ZipContent, aZip } from '@filmpost/tests/world/archives/zip.ts';
import { aDisc } from '@filmpost/tests/world/dicom/disc.ts';
import { anInstance } from '@filmpost/tests/world/dicom/instance.ts';
import { ByteSources } from './disc/byte-sources.ts';
import { discFileOf } from './disc/disc-file.ts';
import { openContainer } from './disc/open-container.ts';
import type { DiscReader } from './disc-reader.ts';
import { explore } from './exploring.ts';
import { filesToSend } from './manifest.ts';
import { middlePicture } from './middle-picture.ts';
import { headOf, planPacks } from './packs.ts';
import { Survey } from './survey.ts';
import { understandFile } from './understand-file.ts';

const sources = new ByteSources();
/** The work of the workers, done here. */
const reader: Pick<DiscReader, 'understand' | 'open'> = {
  async *understand(files, places) {
    for (const at of places) {
      const file = files[at];
      if (file) yield [await understandFile(sources.open(file.bytes), at)];
    }
  },
  open: ({ bytes, depth }, kind) => openContainer(sources.open(bytes), kind, depth),
};

async function explored(chosen: Record<string, Uint8Array>) {
  const picked = Object.entries(chosen).map(([path, bytes]) => ({
    path,
    file: new File([new Uint8Array(bytes)], path),
  }));
  const survey = new Survey(picked.map(discFileOf));
  for await (const _news of explore(reader, survey));
  const { contents, files } = survey;
  const leftOut = Object.fromEntries(
    contents.leftOut.map(({ reason, files: places }) => [reason, places.length]),
  );
  const sum = contents.images + Object.values(leftOut).reduce((total, count) => total + count, 0);
  assert.equal(sum, contents.chosen, 'chosen = images + left out');
  assert.equal(contents.looked, contents.chosen);
  return { contents, files, leftOut };
}

const disc = aDisc();
const folder = await explored(Object.fromEntries(disc.files.map(({ path, bytes }) => [path, bytes])));
const zipped = discZip(disc.files);
const one = (name: string, bytes: Uint8Array, traits: Partial<ZipContent> = {}) =>
  aZip([{ name, bytes, ...traits }]);

test('an archive counts as the files it holds, and says the same as the folder', async () => {
  const nested = one('disc.zip', zipped, { deflated: true });
  const forms: Record<string, Uint8Array>[] = [
    { 'disc.zip': zipped },
    { 'outer.zip': nested },
    { 'a.zip': one('b.zip', zipped) },
  ];
  for (const chosen of forms) {
    const { contents, leftOut } = await explored(chosen);
    assert.equal(contents.chosen, disc.files.length);
    assert.deepEqual(leftOut, folder.leftOut);
    assert.deepEqual(
      contents.patients.map(({ key, exams }) => [key, exams.map(({ images }) => images.length)]),
      folder.contents.patients.map(({ key, exams }) => [key, exams.map(({ images }) => images.length)]),
    );
  }
});

test('the same disc makes the same packs as a folder and as an archive: whoever holds either can go on', async () => {
  const headsOf = ({ contents, files }: Awaited<ReturnType<typeof explored>>) => {
    const ticked = new Set(contents.patients.flatMap(({ exams }) => exams.map(({ key }) => key)));
    return planPacks(filesToSend({ contents, files, ticked, lost: new Map() })).map((pack) =>
      headOf(pack, []),
    );
  };
  assert.deepEqual(headsOf(await explored({ 'disc.zip': zipped })), headsOf(folder));
});

test('what lies in an archive is shown with the archive it lies in', async () => {
  const { files, contents } = await explored({ 'disc.zip': one('DICOM/IM1', anInstance().bytes) });
  const at = contents.patients[0]?.exams[0]?.images[0] ?? -1;
  assert.equal(files[at]?.path, 'disc.zip/DICOM/IM1');
});

test('an image whose name points out of its archive is left out, and the others are taken', async () => {
  const archive = aZip([
    { name: '../../IM1', bytes: anInstance().bytes },
    { name: 'IM2', bytes: anInstance().bytes },
  ]);
  const { leftOut, contents } = await explored({ 'disc.zip': archive });
  assert.deepEqual([leftOut, contents.images], [{ 'archive-name': 1 }, 1]);
});

test('archives within archives are opened twice and no further', async () => {
  const third = one('c.zip', one('b.zip', one('a.zip', anInstance().bytes)));
  const { leftOut, contents } = await explored({ 'd.zip': third });
  assert.deepEqual([leftOut, contents.chosen], [{ 'archive-too-deep': 1 }, 1]);
});

test('programs and documents that only use the form of an archive are no archives', async () => {
  const jar = aZip([
    { name: 'META-INF/MANIFEST.MF', bytes: Buffer.from('x') },
    { name: 'A.class', bytes: Buffer.from('y') },
  ]);
  const letter = one('[Content_Types].xml', Buffer.from('<x/>'));
  assert.deepEqual((await explored({ 'viewer.jar': jar, 'letter.docx': letter })).leftOut, {
    'not-dicom': 2,
  });
});

test('an archive that is empty, cut or of another kind is one file that stays behind', async () => {
  const whole = one('IM1', anInstance().bytes);
  const { leftOut } = await explored({
    'empty.zip': aZip([]),
    'cut.zip': whole.subarray(0, whole.length - 30),
    'disc.7z': Buffer.from("7z\xbc\xaf'\x1c and so on", 'latin1'),
  });
  assert.deepEqual(leftOut, { empty: 1, 'zip-cut-off': 1, 'archive-unknown': 1 });
});

test('an entry that inflates to something else than promised is damaged, wherever that is noticed', async () => {
  const lies = one('IM1', Buffer.alloc(100, 1), { deflated: true, lies: { size: 90 } });
  assert.deepEqual((await explored({ 'a.zip': lies })).leftOut, { 'archive-damaged': 1 });
});

test('the picture of an exam is the middle one of its longest series', () => {
  const series = (...numbers: number[]) => numbers.map((number) => ({ at: number * 10, number }));
  const pictures = new Map([
    ['1.1', series(1, 2)],
    ['1.2', series(5, 3, 4, 1, 2)],
  ]);
  assert.equal(middlePicture({ pictures }), 30);
  assert.equal(middlePicture({ pictures: new Map() }), null);
});
