import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFully } from '../fixtures/reading.ts';
import { WITHOUT_SAMPLES, sampleBytes, samples } from '../fixtures/samples.ts';
import type { Sample } from '../fixtures/samples.ts';
import { frameLayout, frameSegments } from './frames.ts';
import type { Head } from './head.ts';
import { frameCount } from './pixel-location.ts';
import type { HeadResult } from './read-head.ts';
import { Tag } from './tags.ts';

/** The verdicts a class of samples allows. */
const VERDICTS: Record<Sample['class'], string[]> = {
  valid: ['head'],
  quirky: ['head', 'truncated'],
  headless: ['head', 'no-identity'],
  incomplete: ['no-identity', 'truncated'],
  dicomdir: ['dicomdir'],
  not_dicom: ['not-dicom', 'empty'],
};

/** Valid files that are refused knowingly: what cannot be filed, and a program in disguise. */
function verdicts(sample: Sample): string[] {
  if (sample.path === 'composed/polyglot/ct_preamble_MZ.dcm') return ['program-preamble'];
  const missing = sample.missing ?? [];
  if (missing.includes('StudyInstanceUID') || missing.includes('SeriesInstanceUID')) return ['no-identity'];
  return VERDICTS[sample.class];
}

function verdict(result: HeadResult): string {
  return result.kind === 'refused' ? result.reason : result.kind;
}

const TEXTS: [name: string, tag: number][] = [
  ['PatientID', Tag.patientId],
  ['PatientBirthDate', Tag.patientBirthDate],
  ['PatientSex', Tag.patientSex],
  ['StudyInstanceUID', Tag.studyInstanceUid],
  ['SeriesInstanceUID', Tag.seriesInstanceUid],
  ['SOPInstanceUID', Tag.sopInstanceUid],
  ['SOPClassUID', Tag.sopClassUid],
  ['Modality', Tag.modality],
  ['StudyDate', Tag.studyDate],
  ['StudyTime', Tag.studyTime],
  ['AccessionNumber', Tag.accessionNumber],
  ['StudyDescription', Tag.studyDescription],
  ['SeriesDescription', Tag.seriesDescription],
];

const NUMBERS: [name: string, tag: number][] = [
  ['SeriesNumber', Tag.seriesNumber],
  ['InstanceNumber', Tag.instanceNumber],
  ['Rows', Tag.rows],
  ['Columns', Tag.columns],
  ['NumberOfFrames', Tag.numberOfFrames],
];

function fullName(head: Head): string {
  const { alphabetic, ideographic, phonetic } = head.attributes.personName(Tag.patientName);
  return [alphabetic, ideographic, phonetic].join('=').replace(/=+$/, '');
}

/** What we read under the names that the expectations use. */
function readAttributes(head: Head): Record<string, unknown> {
  const read: Record<string, unknown> = {
    PatientName: fullName(head),
    TransferSyntax: head.transferSyntaxUid,
  };
  for (const [name, tag] of TEXTS) read[name] = head.attributes.text(tag);
  for (const [name, tag] of NUMBERS) read[name] = String(head.attributes.number(tag) ?? '');
  read['has_pixels'] = head.pixelData !== null;
  return read;
}

/** pydicom loses the pixels of this one behind a damaged private element; DCMTK and we find them. */
const KNOWN_BETTER = new Set(['dicom/ts/4.70/fo-dicom/GH1339.dcm has_pixels']);

test('every sample is taken or refused as its class says', { skip: WITHOUT_SAMPLES }, (t) => {
  const wrong = samples()
    .map((sample) => ({ sample, got: verdict(readFully(sampleBytes(sample))) }))
    .filter(({ sample, got }) => !verdicts(sample).includes(got));
  t.diagnostic(`${samples().length} samples`);
  assert.deepEqual(
    wrong.map(({ sample, got }) => `${sample.path}: ${got}`),
    [],
  );
});

test('the attributes of every sample taken are the expected ones', { skip: WITHOUT_SAMPLES }, (t) => {
  let compared = 0;
  const wrong: string[] = [];
  for (const sample of samples()) {
    const result = readFully(sampleBytes(sample));
    if (result.kind !== 'head') continue;
    for (const [name, value] of Object.entries(readAttributes(result.head))) {
      if (!(name in sample) || KNOWN_BETTER.has(`${sample.path} ${name}`)) continue;
      compared++;
      if (sample[name] !== value) wrong.push(`${sample.path} ${name}: ${value} for ${sample[name]}`);
    }
  }
  t.diagnostic(`${compared} attributes`);
  assert.ok(compared > 4000);
  assert.deepEqual(wrong, []);
});

test('a head is the same from whatever prefix it was read', { skip: WITHOUT_SAMPLES }, () => {
  for (const sample of samples()) {
    const file = sampleBytes(sample);
    const [short, whole] = [readFully(file, 200), readFully(file, file.length)];
    assert.equal(verdict(short), verdict(whole), sample.path);
    if (short.kind !== 'head' || whole.kind !== 'head') continue;
    assert.equal(short.head.json, whole.head.json, sample.path);
    assert.deepEqual(short.head.pixelData, whole.head.pixelData, sample.path);
  }
});

test('every frame of every sample with pixels is found within the file', { skip: WITHOUT_SAMPLES }, (t) => {
  let frames = 0;
  for (const sample of samples()) {
    const file = sampleBytes(sample);
    const result = readFully(file);
    if (result.kind !== 'head' || result.head.pixelData === null || result.head.encoding.deflated) continue;
    const layout = frameLayout(result.head, (offset, length) => file.subarray(offset, offset + length));
    assert.notEqual(layout.kind, 'none', sample.path);
    const count = layout.kind === 'video' ? 1 : frameCount(result.head.attributes);
    for (let frame = 1; frame <= count; frame++) {
      const found = frameSegments(layout, frame);
      assert.ok(found?.complete, `${sample.path} frame ${frame}`);
      for (const [offset, length] of found.segments) assert.ok(length > 0 && offset + length <= file.length);
      frames++;
    }
  }
  t.diagnostic(`${frames} frames`);
});
