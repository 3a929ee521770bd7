import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { repository } from './places.ts';
import { add, nothing, verdict } from './tally.ts';
import type { RunOptions } from './test-files.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'filmpost-runner-'));
after(() => rmSync(folder, { recursive: true }));

/** Runs test files as npm test does, in a process that is not itself under test. */
function tallyOf(sources: string[], options: Partial<RunOptions> = {}): string {
  const files = sources.map((source, index) => {
    const file = path.join(folder, `${index}.test.mjs`);
    writeFileSync(file, `import { describe, test } from 'node:test';\n${source}`);
    return path.relative(repository, file);
  });
  const runner = JSON.stringify(path.join(import.meta.dirname, 'test-files.ts'));
  const main = path.join(folder, 'main.mjs');
  writeFileSync(
    main,
    `import { runTests } from ${runner};
     const options = ${JSON.stringify({ concurrency: 1, ...options })};
     const tally = await runTests(${JSON.stringify(files)}, options);
     console.log(JSON.stringify(tally));`,
  );
  const env = { ...process.env };
  delete env.NODE_TEST_CONTEXT;
  const { stdout } = spawnSync(process.execPath, [main], { env, encoding: 'utf8' });
  return stdout.trim().split('\n').at(-1) ?? '';
}

test('passing, failing and skipped tests are counted, suites are not', () => {
  const source = `
    describe('a suite', () => { test('one', () => {}); test('two', () => { throw new Error('no'); }); });
    test('three', { skip: 'needs a scanner' }, () => {});
    test('four', () => {});`;
  assert.deepEqual(JSON.parse(tallyOf([source])), {
    passed: 2,
    failed: 1,
    skipped: ['three: needs a scanner'],
  });
});

test('a file that cannot even be loaded is a failure, and the others still count', () => {
  const tally = tallyOf([`import 'no-such-package';`, `test('one', () => {});`]);
  assert.deepEqual(JSON.parse(tally), { passed: 1, failed: 1, skipped: [] });
});

test('a file that goes on after its test was given up is ended, and the others still count', () => {
  const hangs = `
    import net from 'node:net';
    test('one', async () => { net.createServer().listen(0, '127.0.0.1'); await new Promise(() => {}); });`;
  const patience = { test: 500, file: 4000 };
  const { passed, failed } = JSON.parse(tallyOf([hangs, `test('two', () => {});`], { patience }));
  assert.deepEqual([passed, failed > 0], [1, true]);
});

test('the verdict says passed and failed, and skipped only when something was', () => {
  const one = { passed: 3, failed: 0, skipped: [] };
  assert.equal(verdict(add(nothing, one)), '3 passed, 0 failed');
  assert.equal(
    verdict(add(one, { passed: 0, failed: 1, skipped: ['x: y'] })),
    '3 passed, 1 failed, 1 skipped',
  );
});
