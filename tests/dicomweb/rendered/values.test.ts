import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { alignBits, frameSegments } from '@filmpost/dicom/frames.ts';
import { readHead } from '@filmpost/dicom/read-head.ts';
import { NoPicture, decodeFrame, pixelFormat } from '@filmpost/imaging/decoding.ts';
import { storedValues } from '@filmpost/imaging/stored-values.ts';
import { type SampleImage, WITHOUT_SAMPLES, sampleImages } from './sample-images.ts';

const PYTHON = '/usr/bin/python3';
const JUDGE = path.join(import.meta.dirname, 'judge_values.py');
/** Codecs that lose something may round it in different ways. */
const LOSSY = /\.4\.(?:50|51|53|55|81|91|203)$/;

function withoutPydicom(): string | false {
  if (WITHOUT_SAMPLES !== false) return WITHOUT_SAMPLES;
  return spawnSync(PYTHON, ['-c', 'import pydicom, numpy']).status === 0 ? false : 'pydicom is not installed';
}

/** Samples whose values pydicom reads otherwise, and why. */
const OTHERWISE: Record<string, string> = {
  'dicom/seg/pydicom-data/liver_j2k.dcm': 'Pillow gives the ones of one-bit JPEG 2000 as 128',
  'dicom/seg/pydicom-data/liver_nonbyte_aligned_j2k.dcm': 'likewise',
  'dicom/ts/2/pydicom-data/OBXXXX1A_expb.dcm':
    'pydicom 2 leaves bytes swapped in big endian words; DCMTK does not',
  'dicom/ts/2/pydicom-data/OBXXXX1A_expb_2frame.dcm': 'likewise',
};

test('decoded values are those that pydicom reads', { skip: withoutPydicom() }, async (t) => {
  const images = [...sampleImages()].filter(isByValue);
  const directory = mkdtempSync(path.join(os.tmpdir(), 'filmpost-values-'));
  try {
    const input = images.map(({ file }) => file).join('\n');
    const judge = spawnSync(PYTHON, [JUDGE, directory], { input, encoding: 'utf8', maxBuffer: 2 ** 26 });
    assert.equal(judge.status, 0, judge.stderr);
    const apart: string[] = [];
    let compared = 0;
    for (const [index, image] of images.entries()) {
      const file = path.join(directory, String(index));
      const ours = existsSync(file) ? await values(image) : null;
      if (!ours) continue;
      compared++;
      const most = apartBy(ours, readFileSync(file));
      const allowed = LOSSY.test(image.head.transferSyntaxUid) ? 3 : 0;
      if (!(most <= allowed) && !(image.name in OTHERWISE)) apart.push(`${image.name}: by ${most}`);
    }
    t.diagnostic(`${compared} images compared`);
    assert.deepEqual(apart, []);
    assert.ok(compared > 100, 'the judge works');
  } finally {
    rmSync(directory, { recursive: true });
  }
});

/** Colours that pydicom leaves to its plugins are DCMTK's to judge (samples.test.ts). */
function isByValue({ head, layout }: SampleImage): boolean {
  const colour = head.attributes.text(0x00280004);
  const native = layout.kind === 'native';
  return layout.kind !== 'video' && !colour.startsWith('YBR') && (native || colour !== 'RGB');
}

async function values({ head, bytes, layout }: SampleImage): Promise<ArrayLike<number> | null> {
  const frame = frameSegments(layout, 1);
  if (!frame?.complete) return null;
  const whole = layout.kind !== 'none' && layout.inflated ? inflated(bytes) : bytes;
  const stored = Buffer.concat(
    frame.segments.map(([offset, length]) => whole.subarray(offset, offset + length)),
  );
  const aligned = frame.bits && frame.bitOffset ? alignBits(stored, frame.bitOffset, frame.bits) : stored;
  try {
    const format = pixelFormat(head.attributes, head.pixelData);
    const { transferSyntaxUid } = head;
    const decoded = await decodeFrame({ transferSyntaxUid, format, bytes: aligned });
    return format.planarConfiguration === 1 ? null : storedValues(decoded);
  } catch (error) {
    if (error instanceof NoPicture) return null;
    throw error;
  }
}

function inflated(file: Uint8Array): Uint8Array {
  let bytes = file;
  readHead(file, file.length, {
    inflate: (deflated, maxOutputLength) => (bytes = inflateRawSync(deflated, { maxOutputLength })),
  });
  return bytes;
}

/** The largest difference; infinite where there are fewer values. */
function apartBy(ours: ArrayLike<number>, doubles: Buffer): number {
  const theirs = new Float64Array(new Uint8Array(doubles).buffer);
  if (ours.length < theirs.length) return Infinity;
  let most = 0;
  for (let i = 0; i < theirs.length; i++) {
    const apart = Math.abs(ours[i]! - theirs[i]!);
    if (apart > most) most = apart;
  }
  return most;
}
