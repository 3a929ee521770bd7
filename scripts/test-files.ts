import { globSync } from 'node:fs';
import path from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { repository } from './places.ts';
import type { Tally } from './tally.ts';

/** What has not ended by then hangs; milliseconds. */
const PATIENCE = { test: 5 * 60_000, file: 10 * 60_000 };

/** Test files below the patterns whose path contains every word, relative to the repository and sorted. */
export function findTests(patterns: string[], words: string[]): string[] {
  const exclude = (name: string) => name.includes('node_modules') || name.includes('/build/');
  const files = globSync(patterns, { cwd: repository, exclude });
  return files.filter((file) => words.every((word) => file.includes(word))).sort();
}

/** So many of the files that took longest are named when all have run. */
const SLOWEST = 5;

/** The files that took longest, with their seconds. */
function slowest(took: ReadonlyMap<string, number>): string {
  const longest = [...took].sort(([, one], [, other]) => other - one).slice(0, SLOWEST);
  const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(0).padStart(5);
  return longest
    .map(([file, milliseconds]) => `${seconds(milliseconds)} s  ${path.relative(repository, file)}`)
    .join('\n');
}

export interface RunOptions {
  /** How many files run side by side. */
  concurrency: number;
  signal?: AbortSignal;
  patience?: typeof PATIENCE;
}

/** Runs test files, each in a process of its own, and shows every test as it ends. */
export async function runTests(
  files: string[],
  { concurrency, signal, patience = PATIENCE }: RunOptions,
): Promise<Tally> {
  const tally: Tally = { passed: 0, failed: 0, skipped: [] };
  if (files.length === 0) return tally;
  const took = new Map<string, number>();
  const stream = run({
    files: files.map((file) => path.join(repository, file)),
    concurrency,
    signal,
    timeout: patience.test,
    execArgv: ['--import', `${new URL('file-patience.ts', import.meta.url).href}?${patience.file}`],
    cwd: repository,
  });
  stream.on('test:pass', ({ name, skip, todo, details }) => {
    if (details.type === 'suite') return;
    const reason = skip ?? todo;
    if (reason === undefined || reason === false) tally.passed += 1;
    else tally.skipped.push(`${name}: ${reason === true || reason === '' ? 'no reason given' : reason}`);
  });
  stream.on('test:fail', ({ details }) => {
    if (details.type !== 'suite') tally.failed += 1;
  });
  stream.on('test:summary', ({ file, duration_ms }) => {
    if (file !== undefined) took.set(file, duration_ms);
  });
  for await (const text of stream.compose(spec)) process.stdout.write(text);
  if (took.size > SLOWEST) console.log(`\nTook longest:\n${slowest(took)}`);
  return tally;
}
