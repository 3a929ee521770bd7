import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundFiles } from './finding-files.ts';

const listed = ['IMAGES/DICOMS/IM1', 'IMAGES/DICOMS/IM2', 'IMAGES/MORE/IM1'];
const given = (...paths: string[]) => paths.map((path) => ({ path, file: path }));
const found = (...paths: string[]) => [...foundFiles(listed, given(...paths))];

test('files are found from the disc, from a folder of it, and as systems without long names call them', () => {
  assert.deepEqual(found('E:/IMAGES/DICOMS/IM1', 'E:/INDEX.HTM'), [
    ['IMAGES/DICOMS/IM1', 'E:/IMAGES/DICOMS/IM1'],
  ]);
  assert.deepEqual(found('DICOMS/IM2'), [['IMAGES/DICOMS/IM2', 'DICOMS/IM2']]);
  assert.deepEqual(found('disc/images/dicoms/im1.;1'), [['IMAGES/DICOMS/IM1', 'disc/images/dicoms/im1.;1']]);
});

test('a name that several folders have is no place', () => {
  assert.deepEqual(found('elsewhere/IM1'), []);
  assert.deepEqual(found('elsewhere/IM2'), [['IMAGES/DICOMS/IM2', 'elsewhere/IM2']]);
});

test('the file whose path fits longest is taken, whatever comes first', () => {
  const wanted = [['IMAGES/DICOMS/IM2', 'disc/IMAGES/DICOMS/IM2']];
  assert.deepEqual(found('copy/IM2', 'disc/IMAGES/DICOMS/IM2'), wanted);
  assert.deepEqual(found('disc/IMAGES/DICOMS/IM2', 'copy/IM2'), wanted);
});
