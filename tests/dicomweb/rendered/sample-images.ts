import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { type FrameLayout, frameLayout } from '@filmpost/dicom/frames.ts';
import type { Head } from '@filmpost/dicom/head.ts';
import { readHead } from '@filmpost/dicom/read-head.ts';
import { inflateRawSync } from 'node:zlib';

const SAMPLES_DIR = process.env['SAMPLES_DIR'];

/** Why the tests on samples do not run; false when they do. */
export const WITHOUT_SAMPLES: string | false =
  SAMPLES_DIR === undefined ? 'SAMPLES_DIR does not name the folder of sample files' : false;

/** A sample that holds pixels, by its path below SAMPLES_DIR. */
export interface SampleImage {
  name: string;
  file: string;
  bytes: Uint8Array;
  head: Head;
  layout: FrameLayout;
}

export function* sampleImages(): Generator<SampleImage> {
  if (SAMPLES_DIR === undefined) return;
  const entries = readdirSync(SAMPLES_DIR, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((each) => path.join(each.parentPath, each.name));
  for (const file of files.sort()) {
    const bytes = new Uint8Array(readFileSync(file));
    let inflated = bytes;
    const result = readHead(bytes, bytes.length, {
      inflate: (deflated, maxOutputLength) => (inflated = inflateRawSync(deflated, { maxOutputLength })),
    });
    if (result.kind !== 'head' || !result.head.pixelData) continue;
    const layout = frameLayout(result.head, (offset, length) => inflated.subarray(offset, offset + length));
    yield { name: path.relative(SAMPLES_DIR, file), file, bytes, head: result.head, layout };
  }
}
