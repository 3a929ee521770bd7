import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aDisc } from '@filmpost/tests/world/dicom/disc.ts';
import { filesToSend, manifestOf } from './manifest.ts';
import { compare } from './matching.ts';
import { Survey } from './survey.ts';
import { blobSource } from './disc/byte-sources.ts';
import { discFileOf } from './disc/disc-file.ts';
import { understandFile } from './understand-file.ts';
import { manifest } from '@filmpost/exchange/intake/schema.ts';

async function surveyed() {
  const picked = aDisc().files.map(({ path, bytes }) => ({
    path,
    file: new File([new Uint8Array(bytes)], path.split('/').at(-1) ?? ''),
  }));
  const files = picked.map(discFileOf);
  const survey = new Survey(files);
  for (const [at, { file }] of picked.entries()) survey.add([await understandFile(blobSource(file), at)]);
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

test('exams are ticked beforehand only where there is no doubt whose they are to be', async () => {
  const { contents } = await surveyed();
  const [ada, noah] = contents.patients;
  assert.ok(ada && noah);
  const compared = (people: typeof contents.patients, masked?: string) => {
    const { doubtful, strangers, ticked } = compare(people, masked);
    return { doubtful, strangers: [...strangers], ticked: [...ticked] };
  };
  const both = contents.patients;
  const sure = { doubtful: false, strangers: [noah.key], ticked: [ada.key] };
  assert.deepEqual(compared(both, 'A… L…, born 1981'), sure);
  const nobody = { doubtful: true, strangers: [ada.key, noah.key], ticked: [] };
  assert.deepEqual(compared(both, 'R… A…, born 1986'), nobody);
  assert.deepEqual(compared(both), { doubtful: false, strangers: [], ticked: [] });
  assert.deepEqual(compared([ada]), { doubtful: false, strangers: [], ticked: [ada.key] });
  assert.deepEqual(compared([ada], 'R… A…, born 1986'), { doubtful: true, strangers: [ada.key], ticked: [] });
  const nameless = { ...ada, birthDate: null };
  const maybe = { doubtful: true, strangers: [], ticked: [ada.key] };
  assert.deepEqual(compared([nameless], 'R… A…, born 1986'), maybe);
});

test('the manifest accounts for every chosen file: sent, left out by reason, or not ticked', async () => {
  const { contents, files } = await surveyed();
  const ada = contents.patients[0]?.exams ?? [];
  const ticked = new Set(ada.map(({ key }) => key));
  const lost = new Map((ada[0]?.images.slice(0, 1) ?? []).map((at) => [at, 'unreadable' as const]));
  const told = manifest.parse(manifestOf({ contents, files, ticked, lost, listedMissing: 0 }));
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

test('what is left behind is told in the order of the disc, whichever file was found first', () => {
  const survey = new Survey([]);
  survey.leaveOut(5, 'empty');
  survey.leaveOut(2, 'not-dicom');
  survey.leaveOut(3, 'dicomdir');
  survey.leaveOut(1, 'empty');
  assert.deepEqual(
    survey.contents.leftOut.map(({ reason }) => reason),
    ['empty', 'not-dicom', 'dicomdir'],
  );
});
