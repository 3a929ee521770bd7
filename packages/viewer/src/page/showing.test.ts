import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Instance, kindOf } from './loaded.ts';
import { Received } from './received.ts';
import { sightOf } from './showing.ts';

const ROOT = '1.2.840.10008.5.1.4.1.1';
const EXPLICIT = '1.2.840.10008.1.2.1';

const image = (given: Instance = {}): Instance => ({
  SeriesInstanceUID: '1',
  SOPClassUID: `${ROOT}.2`,
  AvailableTransferSyntaxUID: EXPLICIT,
  PhotometricInterpretation: 'MONOCHROME2',
  SamplesPerPixel: 1,
  BitsAllocated: 16,
  ...given,
});

function sight(...instances: Instance[]) {
  const received = new Received();
  for (const instance of instances) received.take(instance);
  return sightOf(received.series);
}

/** What is said of one series of these instances beside one of CT images. */
const unseen = (...instances: Instance[]) =>
  sight(image(), ...instances.map((each) => ({ SeriesInstanceUID: '2', ...each }))).unseen.map(
    ({ what }) => what,
  );

test('every image class paints, and nothing is said of it', () => {
  for (const suffix of ['1', '1.1', '1.2', '2', '2.1', '3.1', '4', '6.1', '7', '12.1', '20', '128'])
    assert.deepEqual(sight(image({ SOPClassUID: `${ROOT}.${suffix}` })), {
      series: 1,
      painted: 1,
      hidden: 0,
      unseen: [],
    });
});

const NOT_SHOWN: Record<string, string> = {
  '481.5': 'Radiotherapy plan',
  '481.4': 'Radiotherapy record',
  '11.1': 'Presentation state',
  '66': 'Raw data',
  '66.1': 'Registration',
  '67': 'Value mapping',
  '88.59': 'Key image selection',
  '88.67': 'Radiation dose report',
  '88.65': 'CAD findings',
  '88.71': 'Structured report',
  '9.4.1': 'Waveform',
  '77.1.6': 'Whole slide image',
  '4.2': 'Spectroscopy',
  '104.2': 'CDA document',
};
for (const [suffix, what] of Object.entries(NOT_SHOWN))
  test(`${suffix} is said not to be shown: ${what}`, () => {
    assert.deepEqual(unseen({ SOPClassUID: `${ROOT}.${suffix}` }), [what]);
  });

test('a class nobody knows is said not to be known', () => {
  assert.deepEqual(unseen(image({ SeriesInstanceUID: '2', SOPClassUID: '1.3.12.2.1107.5.9.1' })), [
    'Objects of a kind the viewer does not know',
  ]);
});

test('ECG, report and PDF are shown', () => {
  for (const suffix of ['9.1.1', '88.11', '88.22', '88.33', '104.1'])
    assert.deepEqual(unseen({ SOPClassUID: `${ROOT}.${suffix}` }), []);
});

test('video is not shown, by its class or by its transfer syntax', () => {
  assert.deepEqual(unseen(image({ SeriesInstanceUID: '2', SOPClassUID: `${ROOT}.77.1.1.1` })), ['Video']);
  const mpeg = { SeriesInstanceUID: '2', AvailableTransferSyntaxUID: '1.2.840.10008.1.2.4.102' };
  assert.deepEqual(unseen(image(mpeg)), ['Video']);
});

test('radiotherapy dose is painted as grey levels', () => {
  const { painted, hidden, unseen } = sight(image({ SOPClassUID: `${ROOT}.481.2`, BitsAllocated: 32 }));
  assert.deepEqual(
    [painted, hidden, unseen],
    [1, 0, [{ what: 'Radiotherapy dose', series: 1, asGrey: true }]],
  );
});

const ON_IMAGES: Record<string, Instance> = {
  Segmentation: { SOPClassUID: `${ROOT}.66.4`, ReferencedSeriesSequence: [{ SeriesInstanceUID: '1' }] },
  'Parametric map': { SOPClassUID: `${ROOT}.30`, ReferencedSeriesSequence: { SeriesInstanceUID: '1' } },
  'Radiotherapy structures': {
    SOPClassUID: `${ROOT}.481.3`,
    ReferencedFrameOfReferenceSequence: [
      { RTReferencedStudySequence: [{ RTReferencedSeriesSequence: [{ SeriesInstanceUID: '1' }] }] },
    ],
  },
  Measurements: {
    SOPClassUID: `${ROOT}.88.33`,
    ConceptNameCodeSequence: [{ CodeValue: '126000' }],
    CurrentRequestedProcedureEvidenceSequence: [{ ReferencedSeriesSequence: [{ SeriesInstanceUID: '1' }] }],
  },
};
for (const [what, instance] of Object.entries(ON_IMAGES))
  test(`${what.toLowerCase()} without its images is said to be so, with them it is shown`, () => {
    assert.deepEqual(unseen(instance), []);
    const alone = sight({ ...instance, SeriesInstanceUID: '2' });
    assert.deepEqual(
      alone.unseen.map((each) => each.what),
      [`${what} without the images it belongs to`],
    );
    assert.equal(alone.hidden, 1);
  });

const FAULTS: [fault: string, given: Instance][] = [
  [
    'Image in a compression the viewer does not know',
    { AvailableTransferSyntaxUID: '1.2.840.10008.1.2.4.110' },
  ],
  ['Colour image of more than 8 bits', { SamplesPerPixel: 3, PhotometricInterpretation: 'RGB' }],
  ['Colour image with halved colours', { PhotometricInterpretation: 'YBR_FULL_422', BitsAllocated: 8 }],
  ['Image without its colour table', { PhotometricInterpretation: 'PALETTE COLOR' }],
];
for (const [fault, given] of FAULTS)
  test(`pixels the viewer gets wrong are not left to it: ${fault}`, () => {
    assert.deepEqual(unseen(image({ SeriesInstanceUID: '2', ...given })), [fault]);
  });

test('the same pixels in a form it reads are shown', () => {
  const jpeg = { PhotometricInterpretation: 'YBR_FULL_422', SamplesPerPixel: 3, BitsAllocated: 8 };
  assert.deepEqual(
    unseen(image({ SeriesInstanceUID: '2', ...jpeg, AvailableTransferSyntaxUID: '1.2.840.10008.1.2.4.50' })),
    [],
  );
  const palette = { PhotometricInterpretation: 'PALETTE COLOR', RedPaletteColorLookupTableData: {} };
  assert.deepEqual(unseen(image({ SeriesInstanceUID: '2', ...palette })), []);
});

test('a series is hidden when nothing of it is shown, and named for what is not', () => {
  const mixed = sight(image(), { SeriesInstanceUID: '1', SOPClassUID: `${ROOT}.66` });
  assert.deepEqual([mixed.series, mixed.painted, mixed.hidden], [1, 1, 0]);
  assert.deepEqual(mixed.unseen, [{ what: 'Raw data', series: 1, asGrey: false }]);
});

test('series are counted once, however many instances tell the same', () => {
  const plan = { SOPClassUID: `${ROOT}.481.5` };
  const two = sight(
    { SeriesInstanceUID: '2', ...plan },
    { SeriesInstanceUID: '2', ...plan },
    { SeriesInstanceUID: '3', ...plan },
  );
  assert.deepEqual(two.unseen, [{ what: 'Radiotherapy plan', series: 2, asGrey: false }]);
});

test('the transfer syntax is found where the viewer left it under its tag', () => {
  assert.equal(kindOf({ '00083002': EXPLICIT }).transferSyntaxUid, EXPLICIT);
});
