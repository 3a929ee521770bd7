import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anInstance } from './instance.ts';
import { transferSyntaxes } from './part10.ts';
import { instanceNumberIn, patternAt, patternPixels } from './pattern.ts';
import { aStudy } from './study.ts';

const twoSeries = {
  series: [
    { modality: 'CT', instances: 4 },
    { modality: 'US', numberOfFrames: 2, instances: 1 },
  ],
};

test('the same study is the same bytes, another key or seed shares no UID with it', () => {
  const [once, again] = [aStudy(twoSeries), aStudy(twoSeries)];
  assert.deepEqual(once.files, again.files);
  const uids = (study: typeof once) =>
    study.files.flatMap((f) => [f.studyInstanceUid, f.seriesInstanceUid, f.sopInstanceUid]);
  for (const other of [aStudy({ ...twoSeries, key: 'other' }), aStudy({ ...twoSeries, seed: 'other' })]) {
    assert.equal(new Set([...uids(once), ...uids(other)]).size, 2 * new Set(uids(once)).size);
  }
});

test('instances of a study share its UID, have one of their own and lie in the folders of a CD', () => {
  const { files, studyInstanceUid } = aStudy(twoSeries, 2);
  assert.ok(files.every((file) => file.studyInstanceUid === studyInstanceUid));
  assert.equal(new Set(files.map((file) => file.sopInstanceUid)).size, 5);
  assert.equal(new Set(files.map((file) => file.seriesInstanceUid)).size, 2);
  assert.equal(files[3]?.path, 'DICOM/ST000002/SE000001/IM000004');
  assert.ok(
    files.every((file) => /^2\.25\.[1-9]\d*$/.test(file.sopInstanceUid) && file.sopInstanceUid.length <= 64),
  );
});

test('pixels are the pattern of the instance number, at the end of the file and in order', () => {
  const { bytes } = anInstance({ instanceNumber: 300, rows: 70, columns: 80 });
  const pixels = Buffer.from(bytes).subarray(-70 * 80 * 2);
  for (const [x, y] of [
    [0, 0],
    [79, 0],
    [17, 33],
    [79, 69],
  ] as const) {
    assert.equal(pixels.readUInt16LE((y * 80 + x) * 2), patternAt(300, x, y));
  }
});

test('the instance number can be read back from the picture, frame by frame', () => {
  for (const number of [0, 1, 37, 600, 65_535]) {
    const grey = (x: number, y: number) => patternAt(number, x, y);
    assert.equal(instanceNumberIn(grey, 2048), number);
  }
  const frames = patternPixels(41, { rows: 64, columns: 64, bitsAllocated: 8, frames: 3 });
  assert.equal(
    instanceNumberIn((x, y) => frames[2 * 4096 + y * 64 + x] ?? 0, 128),
    43,
  );
});

test('RLE frames are one fragment each and smaller than the pixels', () => {
  const native = anInstance({ modality: 'US', numberOfFrames: 3, rows: 128, columns: 128 });
  const packed = anInstance({
    modality: 'US',
    numberOfFrames: 3,
    rows: 128,
    columns: 128,
    transferSyntaxUid: transferSyntaxes.rleLossless,
  });
  assert.notDeepEqual(native.bytes, packed.bytes);
  assert.equal(Buffer.from(packed.bytes).toString('hex').split('feff00e0').length - 1, 4);
});

test('attributes given last win, and undefined removes one', () => {
  const { bytes } = anInstance({ attributes: { PatientName: '<svg onload>', PatientID: undefined } });
  const text = Buffer.from(bytes).toString('latin1');
  assert.ok(text.includes('<svg onload>'));
  assert.ok(!text.includes('SAM-0041207'));
});
