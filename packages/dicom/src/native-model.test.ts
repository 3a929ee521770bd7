import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readFully } from '../fixtures/reading.ts';
import { WITHOUT_SAMPLES, sampleBytes, samplePath, samples } from '../fixtures/samples.ts';
import { nativeModel } from './native-model.ts';

test('a data set is written attribute by attribute: values, items, names, bytes and links (PS3.19 A.1)', () => {
  const document = nativeModel({
    '00080018': { vr: 'UI', Value: ['1.2.3'] },
    '00080008': { vr: 'CS', Value: ['ORIGINAL', null, 'AXIAL'] },
    '00081030': { vr: 'LO' },
    '00091001': { vr: 'LO', Value: ['private'] },
    '00090010': { vr: 'LO', Value: ['ACME "1"'] },
    '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Yamada^Tarou^^Dr', Ideographic: '山田^太郎' }] },
    '00081140': { vr: 'SQ', Value: [{ '00081155': { vr: 'UI', Value: ['1.2'] } }, {}] },
    '00280010': { vr: 'US', Value: [512] },
    '00281201': { vr: 'OW', BulkDataURI: 'instances/1?a=1&b=2' },
    '00420011': { vr: 'OB', InlineBinary: 'AAE=' },
    '60020010': { vr: 'US', Value: [16] },
    '7FE10010': { vr: 'LO', Value: ['MAKER'] },
  });
  assert.equal(
    document,
    [
      '<?xml version="1.0" encoding="UTF-8"?>\n',
      '<NativeDicomModel xmlns="http://dicom.nema.org/PS3.19/models/NativeDICOM" xml:space="preserve">',
      '<DicomAttribute tag="00080008" vr="CS" keyword="ImageType">',
      '<Value number="1">ORIGINAL</Value><Value number="3">AXIAL</Value></DicomAttribute>',
      '<DicomAttribute tag="00080018" vr="UI" keyword="SOPInstanceUID"><Value number="1">1.2.3</Value></DicomAttribute>',
      '<DicomAttribute tag="00081030" vr="LO" keyword="StudyDescription"></DicomAttribute>',
      '<DicomAttribute tag="00081140" vr="SQ" keyword="ReferencedImageSequence"><Item number="1">',
      '<DicomAttribute tag="00081155" vr="UI" keyword="ReferencedSOPInstanceUID"><Value number="1">1.2</Value>',
      '</DicomAttribute></Item><Item number="2"></Item></DicomAttribute>',
      '<DicomAttribute tag="00090010" vr="LO"><Value number="1">ACME &quot;1&quot;</Value></DicomAttribute>',
      '<DicomAttribute tag="00090001" vr="LO" privateCreator="ACME &quot;1&quot;"><Value number="1">private</Value>',
      '</DicomAttribute><DicomAttribute tag="00100010" vr="PN" keyword="PatientName"><PersonName number="1">',
      '<Alphabetic><FamilyName>Yamada</FamilyName><GivenName>Tarou</GivenName><NamePrefix>Dr</NamePrefix></Alphabetic>',
      '<Ideographic><FamilyName>山田</FamilyName><GivenName>太郎</GivenName></Ideographic></PersonName>',
      '</DicomAttribute><DicomAttribute tag="00280010" vr="US" keyword="Rows"><Value number="1">512</Value>',
      '</DicomAttribute><DicomAttribute tag="00281201" vr="OW" keyword="RedPaletteColorLookupTableData">',
      '<BulkData uri="instances/1?a=1&amp;b=2"/></DicomAttribute>',
      '<DicomAttribute tag="00420011" vr="OB" keyword="EncapsulatedDocument"><InlineBinary>AAE=</InlineBinary>',
      '</DicomAttribute><DicomAttribute tag="60020010" vr="US" keyword="OverlayRows"><Value number="1">16</Value>',
      '</DicomAttribute><DicomAttribute tag="7FE10010" vr="LO"><Value number="1">MAKER</Value>',
      '</DicomAttribute></NativeDicomModel>\n',
    ].join(''),
  );
});

test('text cannot leave its element, and what XML cannot hold is replaced', () => {
  const text = '</Value><script>&amp;\r\n\t\u0001\u001b\ud800';
  const document = nativeModel({ '00104000': { vr: 'LT', Value: [text] } });
  assert.match(document, />&lt;\/Value&gt;&lt;script&gt;&amp;amp;&#13;&#10;&#9;\ufffd\ufffd\ufffd<\/Value>/);
});

const PYTHON = '/usr/bin/python3';
const JUDGE = fileURLToPath(new URL('../judge/native_model.py', import.meta.url));

function withoutJudges(): string | false {
  if (WITHOUT_SAMPLES !== false) return WITHOUT_SAMPLES;
  if (spawnSync('dcm2xml', ['--version']).error) return 'DCMTK is not installed';
  return spawnSync(PYTHON, ['--version']).error ? 'Python is not installed' : false;
}

/**
 * Samples in which DCMTK 3.6.7 sees other things than we do, and why:
 * - it knows what some vendors mean by their private elements of an implicit VR; we keep them UN;
 * - it keeps UN what is said to be so, also where the dictionary knows better or a length has to be mended;
 * - it repeats the second group of a name that ends in a delimiter;
 * - it takes a block that nobody reserved for one without a number.
 */
const SEEN_OTHERWISE = new Set([
  'cd/orthanc_media_A/IMAGES/IM3',
  'composed/patient_cd_with_junk_A/IMAGES/IM3',
  'dicom/broken/pydicom-data/bad_sequence.dcm',
  'dicom/charset/fo-dicom/chrGB2312.dcm',
  'dicom/charset/pydicom/chrX1.dcm',
  'dicom/charset/pydicom/chrX2.dcm',
  'dicom/ecg/dicom-ecg-plot/anonymous_ecg.dcm',
  'dicom/mr/suyashkumar/3.dcm',
  'dicom/sc/fo-dicom/GH179A.dcm',
]);

test('the model of every sample is the one DCMTK makes of it', { skip: withoutJudges() }, (t) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'filmpost-model-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const pairs = samples().flatMap((sample, at) => {
    const read = readFully(sampleBytes(sample));
    const [ours, theirs] = ['ours', 'theirs'].map((whose) => path.join(folder, `${at}.${whose}.xml`));
    if (read.kind !== 'head' || !ours || !theirs) return [];
    if (spawnSync('dcm2xml', ['--native-format', '+U8', samplePath(sample), theirs]).status !== 0) return [];
    writeFileSync(ours, nativeModel(JSON.parse(read.head.json)));
    return [{ sample: sample.path, files: `${ours}\t${theirs}` }];
  });
  const input = pairs.map(({ files }) => files).join('\n');
  const judged = spawnSync(PYTHON, [JUDGE], { input, encoding: 'utf8', maxBuffer: 2 ** 28 });
  assert.equal(judged.status, 0, judged.stderr);
  const verdicts = judged.stdout.trim().split('\n');
  assert.equal(verdicts.length, pairs.length);
  for (const [at, { sample }] of pairs.entries()) {
    if (!SEEN_OTHERWISE.has(sample)) assert.equal(verdicts[at], '[]', sample);
  }
  t.diagnostic(`${pairs.length} samples compared`);
});
