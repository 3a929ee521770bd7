import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { readHead } from '@filmpost/dicom/read-head.ts';
import { transferSyntax } from '@filmpost/dicom/transfer-syntaxes.ts';
import { WITHOUT_SAMPLES } from '../../../packages/dicom/fixtures/samples.ts';
import { aClinic } from './clinic.ts';
import { type MadeSample, type Making, makeSamples } from './made-samples.ts';

const PYTHON = '/usr/bin/python3';
const JUDGE = path.join(import.meta.dirname, 'judge_explicit.py');
/** Codecs that lose something may round it in different ways. */
const LOSSY = /\.4\.(?:50|51|53|55|81|91|203)$/;

let folder: string;
let making: Making;
before(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'filmpost-explicit-'));
  if (WITHOUT_SAMPLES) return;
  const clinic = await aClinic();
  making = await makeSamples(clinic, folder);
  await clinic.close();
});
after(() => rmSync(folder, { recursive: true }));

const runs = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;

function withoutPydicom(): string | false {
  if (WITHOUT_SAMPLES !== false) return WITHOUT_SAMPLES;
  return runs(PYTHON, '-c', 'import pydicom, numpy') ? false : 'pydicom is not installed';
}

function withoutDcmtk(): string | false {
  if (WITHOUT_SAMPLES !== false) return WITHOUT_SAMPLES;
  return ['dcmconv', 'dcmdjpeg', 'dcmdjpls', 'dcmdrle', 'dcmdump'].every((tool) => runs(tool, '--version'))
    ? false
    : 'DCMTK is not installed';
}

test('only what nobody here can decode is refused', { skip: WITHOUT_SAMPLES }, () => {
  assert.deepEqual([...making.refused.keys()].sort(), [
    'composed/objects/video_mpeg2.dcm',
    'dicom/ts/4.50/fo-dicom/genFile.dcm',
    'dicom/ts/4.80/dicom-test-files/MR1_JLSL',
  ]);
  for (const sentence of making.refused.values()) assert.match(sentence, /\w{3}.*\.$/);
  assert.ok(making.made.length > 90, `${making.made.length} samples`);
});

/** Samples whose pixels pydicom reads otherwise, and why; as in rendered/values.test.ts. */
const OTHERWISE: Record<string, string> = {
  'dicom/seg/pydicom-data/liver_j2k.dcm': 'Pillow gives the ones of one-bit JPEG 2000 as 128',
  'dicom/seg/pydicom-data/liver_nonbyte_aligned_j2k.dcm': 'likewise',
  'dicom/ts/2/pydicom-data/OBXXXX1A_expb.dcm': 'pydicom 2 leaves bytes swapped in big endian words',
  'dicom/ts/2/pydicom-data/OBXXXX1A_expb_2frame.dcm': 'likewise',
};

interface Judged {
  differ: string[];
  apart: number | null;
}

test('every attribute and every pixel is the same for pydicom', { skip: withoutPydicom() }, (t) => {
  const input = making.made.map(({ original, made }) => `${original}\t${made}`).join('\n');
  const judge = spawnSync(PYTHON, [JUDGE], { input, encoding: 'utf8', maxBuffer: 2 ** 28 });
  assert.equal(judge.status, 0, judge.stderr);
  const lines = judge.stdout.trim().split('\n');
  assert.equal(lines.length, making.made.length);
  const apart: string[] = [];
  let values = 0;
  for (const [index, { name, transferSyntaxUid }] of making.made.entries()) {
    const judged: Judged = JSON.parse(lines[index]!);
    assert.deepEqual(judged.differ, [], name);
    const allowed = LOSSY.test(transferSyntaxUid) ? 3 : 0;
    if (judged.apart === null) continue;
    values += 1;
    if (judged.apart > allowed && !(name in OTHERWISE)) apart.push(`${name}: by ${judged.apart}`);
  }
  t.diagnostic(`${lines.length} samples compared, ${values} of them pixel by pixel`);
  assert.deepEqual(apart, []);
  assert.ok(values > 30, 'the judge works');
});

/** What DCMTK makes of a sample itself is not to be compared, and why. */
const NOT_COMPARED: Record<string, string> = {
  'cd/orthanc_media_A/IMAGES/IM3': 'DCMTK knows the private elements, which we keep as UN',
  'composed/patient_cd_with_junk_A/IMAGES/IM3': 'likewise',
};

const DECODERS: [suffix: RegExp, command: string, ...args: string[]][] = [
  [/\.4\.(?:50|51|53|55|57|70)$/, 'dcmdjpeg', '+cn', '+px'],
  [/\.4\.8[01]$/, 'dcmdjpls', '+px'],
  [/\.1\.2\.5$/, 'dcmdrle'],
];

test('what DCMTK makes of a sample is what we make of it', { skip: withoutDcmtk() }, (t) => {
  const compared = { native: 0, decoded: 0 };
  for (const sample of making.made) {
    assert.ok(runs('dcmdump', '+fo', '-q', sample.made), `dcmdump reads ${sample.name}`);
    if (sample.name in NOT_COMPARED) continue;
    if (!transferSyntax(sample.transferSyntaxUid).encapsulated) {
      const theirs = rewritten(sample.original);
      const ours = rewritten(sample.made);
      if (!theirs || !ours) continue;
      assert.ok(theirs.equals(ours), `${sample.name} as dcmconv has it`);
      compared.native += 1;
    } else {
      const pixels = decodedByDcmtk(sample);
      if (!pixels) continue;
      assert.ok(pixels.equals(pixelsOf(sample.made)), `${sample.name}: pixels`);
      compared.decoded += 1;
    }
  }
  t.diagnostic(`${compared.native} native and ${compared.decoded} compressed samples compared`);
  assert.ok(compared.native > 20 && compared.decoded > 40, 'the judge works');
});

/** A data set as dcmconv writes it: Explicit VR Little Endian, defined lengths, no group lengths; null if it does not. */
function rewritten(file: string): Buffer | null {
  const to = path.join(folder, 'rewritten');
  if (!runs('dcmconv', '+te', '-g', file, to)) return null;
  const bytes = readFileSync(to);
  const metaLength = bytes.readUInt32LE(140);
  return bytes.subarray(144 + metaLength);
}

function decodedByDcmtk({ transferSyntaxUid, original }: MadeSample): Buffer | null {
  const decoder = DECODERS.find(([suffix]) => suffix.test(transferSyntaxUid));
  if (!decoder) return null;
  const [, command, ...args] = decoder;
  const to = path.join(folder, 'decoded');
  return runs(command, ...args, original, to) ? pixelsOf(to) : null;
}

function pixelsOf(file: string): Buffer {
  const bytes = readFileSync(file);
  const read = readHead(bytes, bytes.length);
  assert.ok(read.kind === 'head' && read.head.pixelData);
  const { offset, length } = read.head.pixelData;
  return bytes.subarray(offset, offset + length);
}
