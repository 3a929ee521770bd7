/**
 * What laying out and sending costs against sending the files alone: `node packages/media/bench/layouts.ts [files]`.
 * Ratios are what to compare; the wall depends on neighbours.
 */

import { closeSync, createReadStream, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planIso } from '../src/iso/iso.ts';
import { layoutBytes } from '../src/layout.ts';
import type { Layout } from '../src/layout.ts';
import { planZip } from '../src/zip.ts';

const FILES = Number(process.argv[2] ?? 2000);
const SLICE = 526_000;
const HELD = 100;
const MEBIBYTE = 1024 * 1024;
const created = new Date(0);

const folder = mkdtempSync(join(tmpdir(), 'layouts-'));
const path = join(folder, 'blob');
writeFileSync(path, Buffer.alloc(SLICE * HELD, 1));
const fd = openSync(path, 'r');

/** Every file is a stretch of one blob, as in the archive. */
function read(index: number, offset: number, length: number): AsyncIterable<Buffer> {
  const start = (index % HELD) * SLICE + offset;
  return createReadStream('', {
    fd,
    autoClose: false,
    start,
    end: start + length - 1,
    highWaterMark: 256 * 1024,
  });
}

async function* alone(): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < FILES; index++) yield* read(index, 0, SLICE);
}

function planned(name: string, plan: () => Layout): Layout {
  const before = performance.now();
  const layout = plan();
  const ms = (performance.now() - before).toFixed(0);
  const rss = (process.memoryUsage.rss() / MEBIBYTE).toFixed(0);
  console.log(`${name}: ${FILES} files laid out in ${ms} ms, ${rss} MiB resident`);
  return layout;
}

async function sent(name: string, chunks: AsyncIterable<Uint8Array>): Promise<number> {
  const wall = performance.now();
  const cpu = process.cpuUsage();
  let bytes = 0;
  for await (const chunk of chunks) bytes += chunk.length;
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (user + system) / 1e6;
  const rate = bytes / MEBIBYTE / ((performance.now() - wall) / 1000);
  console.log(`${name}: ${rate.toFixed(0)} MiB/s, ${seconds.toFixed(2)} CPU s`);
  return seconds;
}

const names = Array.from({ length: FILES }, (_, index) => `IMAGES/DICOMS/IM${index + 1}`);
const iso = planned('ISO', () =>
  planIso(
    names.map((each) => ({ path: each, size: SLICE })),
    { volumeId: 'BENCH', created },
  ),
);
const zip = planned('ZIP', () =>
  planZip(names.map((name) => ({ name, size: SLICE, crc32: 0, modified: created }))),
);
await sent('warming up', alone());
const [plain, asIso, asZip] = [
  await sent('files alone', alone()),
  await sent('ISO', layoutBytes(iso, read)),
  await sent('ZIP', layoutBytes(zip, read)),
];
console.log(
  `ISO ${(asIso / plain).toFixed(2)}, ZIP ${(asZip / plain).toFixed(2)} times the CPU of the files alone`,
);
closeSync(fd);
rmSync(folder, { recursive: true });
