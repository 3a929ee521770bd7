import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aDisc } from '@filmpost/tests/world/dicom/disc.ts';
import { filesToSend, manifestOf } from './manifest.ts';
import { compare } from './matching.ts';
import { Survey } from './survey.ts';
import { understandFile } from './understand-file.ts';
import { manifest } from '@filmpost/exchange/intake/schema.ts';

async function surveyed() {
  const files = aDisc().files.map(({ path, bytes }) => ({
    path,
    file: new File([new Uint8Array(bytes)], path.split('/').at(-1) ?? ''),
  }));
  const survey = new Survey(files);
  for (const [at, { file }] of files.entries()) survey.add([await understandFile(file, at)]);
  return { files, contents: survey.contents };
}

test('people on a disc are shown apart, each with exams and counts', async () => {
  const { contents, files } = await surveyed();
  assert.deepEqual(
    contents.patients.map(({ name, exams }) => [name, exams.map(({ images }) => images.length).sort()]),
    [
      ['Lovelace^Ada', [1, 12, 3]],
      ['Lovelace^Noah', [3]],
    ],
  );
  const leftOut = contents.leftOut.reduce((sum, { files: places }) => sum + places.length, 0);
  assert.equal(contents.images + leftOut, files.length);
  assert.equal(contents.looked, contents.chosen);
});

test('exams of somebody else are strangers only beside somebody who fits', async () => {
  const { contents } = await surveyed();
  const [ada, noah] = contents.patients;
  assert.deepEqual([...compare(contents.patients, 'A… L…, born 1981').strangers], [noah?.key]);
  assert.deepEqual([...compare(contents.patients, 'L… N…, born 2018').strangers], [ada?.key]);
  assert.deepEqual(compare(contents.patients, 'R… A…, born 1986'), { doubtful: true, strangers: new Set() });
  assert.deepEqual(compare(contents.patients, undefined), { doubtful: false, strangers: new Set() });
});

test('the manifest accounts for every chosen file: sent, left out by reason, or not ticked', async () => {
  const { contents, files } = await surveyed();
  const ada = contents.patients[0]?.exams ?? [];
  const ticked = new Set(ada.map(({ key }) => key));
  const lost = new Set(ada[0]?.images.slice(0, 1));
  const told = manifest.parse(manifestOf({ contents, files, ticked, lost }));
  const leftOut = Object.fromEntries(told.leftOut.map(({ reason, files: count }) => [reason, count]));
  assert.equal(leftOut['not-ticked'], 3);
  assert.equal(leftOut.unreadable, 1);
  assert.equal(
    told.filesToSend + told.leftOut.reduce((sum, { files: count }) => sum + count, 0),
    told.filesChosen,
  );
  assert.equal(
    told.exams.reduce((sum, { instances }) => sum + instances, 0),
    told.filesToSend,
  );
  assert.equal(filesToSend({ contents, files, ticked, lost }).length, told.filesToSend);
});
