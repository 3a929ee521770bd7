import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pointsOutside } from './outward-names.ts';

const outward = [
  '/etc/passwd',
  '\\\\server\\share\\IM1',
  '\\IM1',
  'C:\\Windows\\IM1',
  'c:IM1',
  '../IM1',
  'DICOM/../../IM1',
  'DICOM\\..\\IM1',
  'DICOM/..',
  'IM1\0.exe',
];
for (const path of outward)
  test(`${JSON.stringify(path)} points outside`, () => assert.ok(pointsOutside(path)));

const inward = ['IM1', 'DICOM/IM1', 'DICOM\\IM1', 'DICOM/IM..1', '..IM1', 'Bilder/...', 'DICOM/C:1', './IM1'];
for (const path of inward)
  test(`${JSON.stringify(path)} does not point outside`, () => assert.equal(pointsOutside(path), false));
