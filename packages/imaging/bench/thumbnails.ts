/**
 * Thumbnails per second of processor time, by how the frame is stored:
 * `node packages/imaging/bench/thumbnails.ts [file…]`. Without files, two CT slices of 512 × 512 that this bench makes:
 * one native, one RLE. Rounds are made in this very process, warm, one after the other.
 */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readHead } from '@filmpost/dicom/read-head.ts';
import { transferSyntax } from '@filmpost/dicom/transfer-syntaxes.ts';
import { anInstance } from '@filmpost/tests/world/dicom/instance.ts';
import { transferSyntaxes } from '@filmpost/tests/world/dicom/part10.ts';
import { type PictureStyle, render } from '../src/render.ts';

const ROUNDS = 20;
const WARMING = 5;
const THUMBNAIL: PictureStyle = {
  type: 'image/jpeg',
  quality: 85,
  viewport: { width: 256, height: 256 },
  region: null,
  window: null,
};

function slices(directory: string): string[] {
  const wanted = { native: transferSyntaxes.explicitVrLittleEndian, rle: transferSyntaxes.rleLossless };
  return Object.entries(wanted).map(([name, transferSyntaxUid]) => {
    const file = path.join(directory, name);
    writeFileSync(file, anInstance({ rows: 512, columns: 512, transferSyntaxUid }).bytes);
    return file;
  });
}

function measure(file: string): void {
  const bytes = readFileSync(file);
  const result = readHead(bytes, bytes.length);
  if (result.kind !== 'head') throw new Error('no DICOM file');
  const { attributes, transferSyntaxUid } = result.head;
  const instance = { path: file, byteOffset: 0, byteLength: bytes.length };
  const once = () => render({ instance, frameNumber: 1, frame: null, style: THUMBNAIL });
  for (let round = 0; round < WARMING; round++) once();
  const before = process.cpuUsage();
  for (let round = 0; round < ROUNDS; round++) once();
  const { user, system } = process.cpuUsage(before);
  const each = (user + system) / 1000 / ROUNDS;
  const size = `${attributes.number(0x00280011)} × ${attributes.number(0x00280010)}`;
  console.log(
    `${transferSyntax(transferSyntaxUid).name.padEnd(40)} ${size.padEnd(12)}`,
    `${each.toFixed(1).padStart(7)} ms  ${(1000 / each).toFixed(0).padStart(5)} a CPU second`,
  );
}

const directory = mkdtempSync(path.join(os.tmpdir(), 'filmpost-bench-'));
try {
  const given = process.argv.slice(2);
  (given.length > 0 ? given : slices(directory)).forEach(measure);
} finally {
  rmSync(directory, { recursive: true });
}
