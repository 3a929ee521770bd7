import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DiscImage, DiscManifest } from '@filmpost/disc-viewer/manifest.ts';
import { MOST_COPIES, imagesToCopy } from './rules.ts';

/** `frames` of each image of each series of each exam. */
function aManifest(...exams: number[][][]): DiscManifest {
  const patient = { name: 'Lovelace, Ada', patientId: 'A1', birthDate: '', sex: '' };
  const listed = exams.map((all, exam) => ({
    date: '',
    description: '',
    series: all.map((images, series) => ({
      number: String(series),
      modality: 'CT',
      description: '',
      copies: [],
      images: images.map((frames, at): DiscImage => ({
        fileId: [`${exam}.${series}.${at}`],
        sopInstanceUid: '1',
        frames,
      })),
    })),
  }));
  return { institution: '', patients: [{ ...patient, exams: listed }] };
}

const names = (manifest: DiscManifest) => imagesToCopy(manifest).map(({ fileId }) => fileId.join());

test('the middle of a series comes first, then one before and one behind it', () => {
  assert.deepEqual(names(aManifest([Array<number>(12).fill(1)])), ['0.0.6', '0.0.2', '0.0.10']);
});

test('no image is copied twice, and none that holds no picture', () => {
  assert.deepEqual(names(aManifest([[1], [1, 1], [0, 0], [0, 40, 0]])), ['0.0.0', '0.1.1', '0.3.1', '0.1.0']);
});

test('of many series every exam has its first ones before any has all', () => {
  const exam = Array.from({ length: 60 }, () => [1, 1, 1]);
  const chosen = names(aManifest(exam, exam));
  assert.equal(chosen.length, MOST_COPIES);
  assert.deepEqual(chosen.slice(0, 4), ['0.0.1', '1.0.1', '0.1.1', '1.1.1']);
  assert.equal(new Set(chosen.map((name) => name.split('.', 2).join())).size, MOST_COPIES);
});
