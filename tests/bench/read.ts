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
import { stretchesAround } from '@filmpost/dicom/gaps.ts';
import { readHead } from '@filmpost/dicom/read-head.ts';
import { describe } from '@filmpost/exchange/ingest/rules.ts';
import { ctSlices } from './slices.ts';

const KIBIBYTE = 1024;
const inflate = (bytes: Uint8Array, maxOutputLength: number) => inflateRawSync(bytes, { maxOutputLength });

type Stretch = [offset: number, length: number];

interface Found {
  name: string;
  size: number;
}

/** What a contender does to every file, and how many of them it read. */
interface Contender {
  what: string;
  /** The contender that reads the same bytes and looks at none of them. */
  floor: string;
  run(): number;
}

interface Measured {
  heads: number;
  wall: number;
  cpu: number;
}

/** One piece of memory for all: on many machines, memory touched for the first time costs more than reading into it. */
let memory = Buffer.alloc(64 * KIBIBYTE);

/** Reads stretches of an open file, one behind the other. */
function stretchesOf(file: number, stretches: readonly Stretch[]): Buffer {
  const length = stretches.reduce((sum, [, bytes]) => sum + bytes, 0);
  if (memory.length < length) memory = Buffer.alloc(length);
  let held = 0;
  for (const [offset, bytes] of stretches) held += readSync(file, memory, held, bytes, offset);
  return memory.subarray(0, held);
}

/** How far reading goes: every element found and the identity decoded; what the catalogue wants; all there is. */
type Depth = 'indexed' | 'catalogued' | 'everything as DICOM JSON';
const DEPTHS: Depth[] = ['indexed', 'catalogued', 'everything as DICOM JSON'];

/** Reads one head as the product does: a beginning first, then what is asked for. Gives what it read, null for none. */
function readOne({ name, size }: Found, first: number, depth: Depth): Stretch[] | null {
  const file = openSync(name, 'r');
  let stretches: readonly Stretch[] = [[0, Math.min(first, size)]];
  const read = [...stretches];
  let bytes = stretchesOf(file, stretches);
  let result = readHead(bytes, size, { inflate, gaps: [] });
  while (result.kind === 'more') {
    stretches = stretchesAround(result.gaps, result.needed);
    read.push(...stretches);
    bytes = stretchesOf(file, stretches);
    result = readHead(bytes, size, { inflate, gaps: result.gaps });
  }
  if (result.kind === 'head' && depth !== 'indexed') {
    const { head } = result;
    describe(head);
    if (depth === 'catalogued') frameLayout(head, nothingMore);
    else Buffer.byteLength(head.json);
  }
  closeSync(file);
  return result.kind === 'head' ? read : null;
}

/** Where encapsulated frames lie takes further reads, which belong to no head. */
const nothingMore = () => new Uint8Array();

function bareRead({ name }: Found, rounds: readonly Stretch[]): number {
  const file = openSync(name, 'r');
  for (const stretch of rounds) stretchesOf(file, [stretch]);
  closeSync(file);
  return 1;
}

function ours(files: readonly Found[]): Contender[] {
  const firsts: [what: string, bytes: number][] = [
    ['8 KiB first', 8 * KIBIBYTE],
    ['64 KiB first', 64 * KIBIBYTE],
    ['whole files', Infinity],
  ];
  return firsts.flatMap(([what, bytes]) => {
    const same = files.map((file) => readOne(file, bytes, 'indexed') ?? []);
    const floor = `${what}: bare read of the same bytes`;
    return [
      { what: floor, floor, run: () => files.reduce((sum, file, at) => sum + bareRead(file, same[at]!), 0) },
      ...DEPTHS.map((depth) => ({
        what: `${what}: ${depth}`,
        floor,
        run: () => files.reduce((sum, file) => sum + (readOne(file, bytes, depth) ? 1 : 0), 0),
      })),
    ];
  });
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

/** Long enough that neither the compiler's warming up nor the clock's steps count. */
const LEAST_CPU_SECONDS = 0.3;

function measure({ run }: Contender): Measured {
  const started = performance.now();
  const before = process.cpuUsage();
  for (let heads = 0; ;) {
    heads += run();
    const { user, system } = process.cpuUsage(before);
    const cpu = (user + system) / 1e6;
    if (cpu >= LEAST_CPU_SECONDS) return { heads, wall: (performance.now() - started) / 1000, cpu };
  }
}

const DUMP = 'dcmdump: identity';
const heads = (rounds: readonly Measured[]) => Math.max(...rounds.map(({ heads, cpu }) => heads / cpu));
const times = (ratio: number, of: string) => `${ratio.toFixed(2).padStart(6)}× ${of}`;

/** Contenders in turns, so that all share the machine's mood; the best round of each counts. */
function compare(title: string, files: readonly Found[], rounds: number): void {
  console.log(`${title}: ${files.length} files, best of ${rounds} rounds in turns; heads per CPU second`);
  const contenders = ours(files);
  const results = new Map<string, Measured[]>();
  const keep = (what: string, measured: Measured | null) => {
    if (measured) results.set(what, [...(results.get(what) ?? []), measured]);
  };
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders) keep(contender.what, measure(contender));
    keep(DUMP, judge('dcmdump -M +P 0008,0018 +P 0020,000d', files));
    keep('dcmdump: everything', judge('dcmdump -M', files));
    keep('dcm2json: a process each', judge('-n1 dcm2json', files.slice(0, 50)));
  }
  if (!results.has(DUMP)) console.log('DCMTK is not installed here: without it in the comparison.');
  const dump = results.get(DUMP);
  for (const [what, measured] of results) {
    const rate = heads(measured);
    const floor = contenders.find((contender) => contender.what === what)?.floor;
    const line = [what.padEnd(42), rate.toFixed(0).padStart(7)];
    if (floor && floor !== what)
      line.push(times(heads(results.get(floor)!) / rate, 'the cost of the bare read'));
    if (dump && what !== DUMP) line.push(times(rate / heads(dump), 'as many as dcmdump'));
    console.log(line.join('  '));
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
    const isHead = (file: Found) => readOne(file, 64 * KIBIBYTE, 'indexed') !== null;
    if (samples) compare('samples', filesBelow(samples).filter(isHead), rounds);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
