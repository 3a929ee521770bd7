import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Instance } from './loaded.ts';
import { Received, readable } from './received.ts';

function taken(instance: Instance): Instance {
  new Received().take(instance);
  return instance;
}

test('a distance of nothing between pixels is dropped, a real one stays', () => {
  const measures = () => [{ PixelMeasuresSequence: [{ PixelSpacing: [0, 0.5] }] }];
  const instance = taken({
    PixelSpacing: [0, 0],
    ImagerPixelSpacing: [0.2, 0.2],
    NominalScannedPixelSpacing: ['x', 1],
    SharedFunctionalGroupsSequence: measures(),
    PerFrameFunctionalGroupsSequence: measures(),
  });
  assert.deepEqual(instance, {
    ImagerPixelSpacing: [0.2, 0.2],
    SharedFunctionalGroupsSequence: [{ PixelMeasuresSequence: [{}] }],
    PerFrameFunctionalGroupsSequence: [{ PixelMeasuresSequence: [{}] }],
  });
});

test('a window of no width is dropped, a real one stays', () => {
  const groups = () => [{ FrameVOILUTSequence: [{ WindowCenter: 40, WindowWidth: -1 }] }];
  assert.deepEqual(taken({ WindowCenter: 0, WindowWidth: 0, PerFrameFunctionalGroupsSequence: groups() }), {
    PerFrameFunctionalGroupsSequence: [{ FrameVOILUTSequence: [{}] }],
  });
  assert.deepEqual(taken({ WindowCenter: [40, 1], WindowWidth: [400, 0] }), {});
  for (const real of [
    { WindowCenter: 0.5, WindowWidth: 0.1 },
    { WindowCenter: [1, 2], WindowWidth: [3, 4] },
  ])
    assert.deepEqual(taken({ ...real }), real);
});

test('what turns text around or hides in it is taken out, at any depth', () => {
  const instance = taken({
    PatientName: [{ Alphabetic: 'Love\u202elace^\u0007Ada' }],
    OtherPatientIDs: ['1\u2066', '2'],
    RequestAttributesSequence: [{ RequestedProcedureDescription: 'CT\u0000 head' }],
  });
  assert.deepEqual(instance, {
    PatientName: [{ Alphabetic: 'Lovelace^Ada' }],
    OtherPatientIDs: ['1', '2'],
    RequestAttributesSequence: [{ RequestedProcedureDescription: 'CT head' }],
  });
});

test('letters of every script, line breaks and angle brackets stay as they are', () => {
  for (const text of [
    '山田^太郎',
    'قباني^لنزار',
    'שרון^דבורה',
    '洪^吉洞',
    '<svg onload=alert(1)>',
    'a\r\nb\tc',
  ])
    assert.equal(readable('PatientName', text), text);
});

test('a line nobody could read is cut; what a report says is not', () => {
  const long = 'x'.repeat(65536);
  assert.equal(readable('SeriesDescription', long).length, 129);
  assert.equal(readable('DerivationDescription', long).length, 1025);
  assert.equal(readable('TextValue', long), long);
});

test('bytes and numbers are left alone', () => {
  const data = new Uint8Array([0, 1, 2]);
  const instance = taken({
    Rows: 512,
    PixelPaddingValue: 0,
    RedPaletteColorLookupTableData: data,
    Empty: null,
  });
  assert.deepEqual(instance, {
    Rows: 512,
    PixelPaddingValue: 0,
    RedPaletteColorLookupTableData: data,
    Empty: null,
  });
});
