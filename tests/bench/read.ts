import { spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { frameLayout } from '@filmpost/dicom/frames.ts';
import { readHead } from '@filmpost/dicom/read-head.ts';
import { describe } from '@filmpost/exchange/ingest/rules.ts';
import { ctSlices } from './slices.ts';

const BEGINNING = 64 * 1024;
const inflate = (bytes: Uint8Array, maxOutputLength: number) => inflateRawSync(bytes, { maxOutputLength });

interface Found {
  name: string;
  size: number;
}

/** What a contender does to every file, and how many of them it read. */
interface Contender {
  what: string;
  run(): number;
}

interface Measured {
  heads: number;
  wall: number;
  cpu: number;
}

/** One piece of memory for all: on many machines, memory touched for the first time costs more than reading into it. */
let memory = Buffer.alloc(BEGINNING);

function beginningOf({ name }: Found, length: number): Buffer {
  if (memory.length < length) memory = Buffer.alloc(length);
  const file = openSync(name, 'r');
  const held = readSync(file, memory, 0, length, 0);
  closeSync(file);
  return memory.subarray(0, held);
}

/** Whether it is an instance; asks for more of the file as a caller does. */
function decode(file: Found, bytes: Buffer, all: boolean): number {
  const result = readHead(bytes, file.size, { inflate });
  if (result.kind === 'more') return decode(file, beginningOf(file, result.needed), all);
  if (result.kind === 'refused') return 0;
  if (!all) return result.head.studyInstanceUid === '' ? 0 : 1;
  const { head } = result;
  describe(head);
  frameLayout(head, (offset, length) => bytes.subarray(offset, offset + length));
  return Buffer.byteLength(head.json) > 0 ? 1 : 0;
}

function ours(files: readonly Found[]): Contender[] {
  const each = (one: (file: Found) => number) => () => files.reduce((sum, file) => sum + one(file), 0);
  return [
    { what: BARE_BEGINNINGS, run: each((file) => Math.min(1, beginningOf(file, BEGINNING).length)) },
    {
      what: 'ours, beginnings: identity',
      run: each((file) => decode(file, beginningOf(file, BEGINNING), false)),
    },
    {
      what: 'ours, beginnings: everything, JSON',
      run: each((file) => decode(file, beginningOf(file, BEGINNING), true)),
    },
    { what: BARE_WHOLE, run: each((file) => Math.min(1, beginningOf(file, file.size).length)) },
    {
      what: 'ours, whole files: everything, JSON',
      run: each((file) => decode(file, beginningOf(file, file.size), true)),
    },
  ];
}

/** A command line that is given file names; its CPU time comes from the shell that waits for it. */
function judge(command: string, files: readonly Found[]): Measured | null {
  const words = command.split(' ');
  const program = words.find((word) => !word.startsWith('-')) ?? '';
  if (spawnSync(program, ['--version']).error) return null;
  const started = performance.now();
  const input = files.map(({ name }) => name).join('\0');
  const shell = 'xargs -0 "$@" > /dev/null 2>&1; times';
  const { stdout } = spawnSync('sh', ['-c', shell, 'sh', ...words], { input, encoding: 'utf8' });
  const times = [...(stdout.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
  const cpu = times.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
  return { heads: files.length, wall: (performance.now() - started) / 1000, cpu };
}

function measure({ run }: Contender): Measured {
  const started = performance.now();
  const before = process.cpuUsage();
  const heads = run();
  const { user, system } = process.cpuUsage(before);
  return { heads, wall: (performance.now() - started) / 1000, cpu: (user + system) / 1e6 };
}

const BARE_BEGINNINGS = 'bare read of 64 KiB beginnings';
const BARE_WHOLE = 'bare read of whole files';
const DUMP = 'dcmdump, identity';

function print(what: string, rounds: readonly Measured[], floors: ReadonlyMap<string, number>): number {
  const best = rounds.reduce((a, b) => (a.heads / a.cpu >= b.heads / b.cpu ? a : b));
  const perCpu = best.heads / best.cpu;
  const cost = [...floors].map(([floor, rate]) => `${(rate / perCpu).toFixed(2)}× ${floor}`);
  const line = [what.padEnd(36), `${perCpu.toFixed(0).padStart(7)} heads/CPU s`];
  console.log(
    [...line, `${(best.heads / best.wall).toFixed(0).padStart(7)}/s`, `CPU ${cost.join(', ')}`].join('  '),
  );
  return perCpu;
}

/** Contenders in turns, so that all share the machine's mood; the best round of each counts. */
function compare(title: string, files: readonly Found[], rounds: number): void {
  console.log(`${title}: ${files.length} files, best of ${rounds} rounds in turns`);
  const contenders = ours(files);
  const results = new Map<string, Measured[]>();
  const keep = (what: string, measured: Measured | null) => {
    if (measured) results.set(what, [...(results.get(what) ?? []), measured]);
  };
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders) keep(contender.what, measure(contender));
    keep(DUMP, judge('dcmdump -M +P 0008,0018 +P 0020,000d', files));
    keep('dcmdump, everything', judge('dcmdump -M', files));
    keep('dcm2json, a process each', judge('-n1 dcm2json', files.slice(0, 50)));
  }
  if (!results.has(DUMP)) console.log('DCMTK is not installed here: without it in the comparison.');
  const floors = new Map<string, number>();
  for (const [what, measured] of results) {
    const rate = print(what, measured, floors);
    if ([BARE_BEGINNINGS, BARE_WHOLE].includes(what)) floors.set(what.replace('bare read of ', ''), rate);
  }
}

function filesBelow(folder: string): Found[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((name) => statSync(name).isFile())
    .map((name) => ({ name, size: statSync(name).size }));
}

/**
 * Heads read and decoded per second of CPU: CT slices made for it and, where SAMPLES_DIR names a collection, its DICOM
 * files; beside bare reads of the same bytes and DCMTK's programs.
 */
export async function read({ count = 1000, rounds = 3 }: { count?: number; rounds?: number }): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'filmpost-read-'));
  try {
    ctSlices(count, 'read').files.forEach((bytes, n) => writeFileSync(path.join(folder, `${n}.dcm`), bytes));
    compare('CT slices', filesBelow(folder), rounds);
    const samples = process.env['SAMPLES_DIR'];
    const isHead = (file: Found) => decode(file, beginningOf(file, BEGINNING), false) === 1;
    if (samples) compare('samples', filesBelow(samples).filter(isHead), rounds);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
