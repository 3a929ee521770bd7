/**
 * How many heads are decoded, DICOM JSON included, against a bare read of the same bytes:
 * `node packages/dicom/bench/heads.ts [files]`. CPU seconds are what to compare; the wall depends on neighbours.
 */

import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readHead } from '../src/read-head.ts';
import { Tag } from '../src/tags.ts';
import { syntheticCt } from './synthetic-head.ts';

const PREFIX = 64 * 1024;
const CATALOGUE = [
  Tag.patientId,
  Tag.patientBirthDate,
  Tag.studyDate,
  Tag.accessionNumber,
  Tag.seriesDescription,
];

function prefixOf(path: string): Uint8Array {
  const file = openSync(path, 'r');
  const bytes = new Uint8Array(PREFIX);
  const held = readSync(file, bytes, 0, PREFIX, 0);
  closeSync(file);
  return bytes.subarray(0, held);
}

function decode(bytes: Uint8Array, fileSize: number): number {
  const result = readHead(bytes, fileSize);
  if (result.kind !== 'head') throw new Error(`not a head: ${result.kind}`);
  const { head } = result;
  head.attributes.personName(Tag.patientName);
  for (const tag of CATALOGUE) head.attributes.text(tag);
  return Buffer.byteLength(head.json);
}

function measure(name: string, files: number, work: () => void): void {
  const wall = performance.now();
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  const perWall = (files / (performance.now() - wall)) * 1000;
  const perCpu = (files / (user + system)) * 1e6;
  console.log(
    `${name.padEnd(34)} ${perWall.toFixed(0).padStart(7)} /s ${perCpu.toFixed(0).padStart(7)} /CPU s`,
  );
}

const files = Number(process.argv[2] ?? 2000);
const folder = mkdtempSync(join(tmpdir(), 'heads-'));
try {
  const paths = Array.from({ length: files }, (_, n) => join(folder, `${n}.dcm`));
  let size = 0;
  paths.forEach((path, n) => {
    const bytes = syntheticCt(n);
    size = bytes.length;
    writeFileSync(path, bytes);
  });
  const held = paths.map(prefixOf);
  for (let round = 0; round < 3; round++) {
    measure('bare read of 64 KiB', files, () => paths.forEach((path) => prefixOf(path)));
    measure('read and decode, with JSON', files, () => paths.forEach((path) => decode(prefixOf(path), size)));
    measure('decode alone, with JSON', files, () => held.forEach((bytes) => decode(bytes, size)));
    measure('decode alone, without JSON', files, () => held.forEach((bytes) => readHead(bytes, size)));
  }
} finally {
  rmSync(folder, { recursive: true });
}
