import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { NoPicture } from '@filmpost/imaging/rendering.ts';
import { type Drawn, PLAIN, difference, drawn, readPnm } from './drawn.ts';
import { type SampleImage, WITHOUT_SAMPLES, sampleImages } from './sample-images.ts';

/** Largest difference of a shade that rounding explains. */
const ROUNDING = 2;
/** By how their pixels are stored: plain or RLE, JPEG, JPEG-LS. */
const TOOLS = ['dcm2pnm', 'dcmj2pnm', 'dcml2pnm'];

/** Samples without a picture, and why. */
const REFUSED: Record<string, string> = {
  'composed/objects/video_mpeg2.dcm': 'unknown-codec: a recording, not frames',
  'dicom/ts/4.50/fo-dicom/genFile.dcm': 'damaged: native pixels in a fragment that says JPEG',
  'dicom/ts/4.80/dicom-test-files/MR1_JLSL': 'damaged: CharLS takes no such JPEG-LS; DCMTK does',
};

/** Samples that DCMTK shows otherwise, and why we differ. */
const OTHERWISE: Record<string, string> = {
  'dicom/ts/4.51/fo-dicom/GH195.dcm': 'its JPEG is YCbCr and says so (JFIF); DCMTK believes the RGB of DICOM',
  'dicom/pet/fo-dicom/GH610.dcm': 'DCMTK rounds what rescale by 6e-8 gives to whole numbers',
  'dicom/ct/fo-dicom/GH177_D_CLUNIE_CT1_IVRLE_BigEndian_ELE_undefinded_length.dcm':
    'padding does not belong to the range of shades',
};

function withoutTools(): string | false {
  if (WITHOUT_SAMPLES !== false) return WITHOUT_SAMPLES;
  const missing = TOOLS.find((tool) => spawnSync(tool, ['--version']).error);
  return missing ? `${missing} is not installed` : false;
}

test(
  'every sample has a picture, equal to DCMTK’s where it draws one, or says in words why not',
  { skip: withoutTools() },
  async (t) => {
    const refused: Record<string, string> = {};
    const apart: string[] = [];
    let compared = 0;
    for (const image of sampleImages()) {
      const ours = await pictureOf(image).catch((error: unknown) => {
        if (!(error instanceof NoPicture)) throw error;
        refused[image.name] = error.reason;
        return null;
      });
      const theirs = ours && judged(image);
      if (!ours || !theirs) continue;
      compared++;
      const { most, mean } = difference(ours, theirs);
      if (most > ROUNDING && !(image.name in OTHERWISE) && !isOneBit(image))
        apart.push(`${image.name}: by ${most}, ${mean.toFixed(2)} in the mean`);
    }
    t.diagnostic(`${compared} pictures compared`);
    assert.deepEqual(apart, []);
    const expected = Object.entries(REFUSED).map(([name, why]) => [name, why.split(':')[0]]);
    assert.deepEqual(refused, Object.fromEntries(expected));
    assert.ok(compared > 100, 'the judge works');
  },
);

async function pictureOf({ bytes, layout }: SampleImage): Promise<Drawn> {
  if (layout.kind === 'video') throw new NoPicture('unknown-codec');
  return drawn(bytes, PLAIN);
}

/** DCMTK shows the ones of one-bit pixels as half bright; pydicom judges them by value. */
function isOneBit({ head }: SampleImage): boolean {
  return head.attributes.number(0x00280100) === 1;
}

/** The picture by DCMTK; null where it draws none, or reads no functional groups that ours obeys. */
function judged({ file, head }: SampleImage): Drawn | null {
  const { attributes } = head;
  if (attributes.has(0x52009229)) return null;
  const directory = mkdtempSync(path.join(os.tmpdir(), 'filmpost-judge-'));
  const out = path.join(directory, 'picture');
  try {
    for (const tool of TOOLS) {
      try {
        execFileSync(tool, ['+F', '1', '--no-overlays', ...shades(head), file, out], { stdio: 'ignore' });
        return readPnm(readFileSync(out));
      } catch {
        continue;
      }
    }
    return null;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** The window as DCMTK is told of it. */
function shades({ attributes }: SampleImage['head']): string[] {
  if ((attributes.number(0x00281051) ?? 0) >= 1) return ['+Wi', '1'];
  if (attributes.items(0x00283010).length > 0) return ['+Wl', '1'];
  return (attributes.number(0x00280101) ?? 0) <= 8 ? [] : ['+Wm'];
}
