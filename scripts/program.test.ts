import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, watch, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { runNode } from './program.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'filmpost-program-'));
after(() => rmSync(folder, { recursive: true }));

function aProgram(name: string, source: string): string {
  const file = path.join(folder, `${name}.mjs`);
  writeFileSync(file, `import { writeFileSync } from 'node:fs';\n${source}`);
  return file;
}

/** Settles when a program has written the file, which is how they say that they are up or gone. */
async function appeared(file: string): Promise<void> {
  const watcher = watch(folder);
  while (!existsSync(file)) await once(watcher, 'change');
  watcher.close();
}

const saying = (file: string) => `writeFileSync(${JSON.stringify(file)}, '');`;

test('a program tells how it ended', async () => {
  const running = runNode({ file: aProgram('three', 'process.exit(3);'), env: process.env });
  assert.equal(await running.exited, 'exit code 3');
});

test('a program that does not stop when asked is ended', async () => {
  const up = path.join(folder, 'deaf-is-up');
  const source = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); ${saying(up)}`;
  const running = runNode({ file: aProgram('deaf', source), env: process.env, patience: 50 });
  await appeared(up);
  await running.stop();
  assert.equal(await running.exited, 'SIGKILL');
});

test('a program that gives way gets the processor after the others', async () => {
  const up = path.join(folder, 'gives-way-is-up');
  const source = `setInterval(() => {}, 1000); ${saying(up)}`;
  const running = runNode({ file: aProgram('gives-way', source), env: process.env, givesWay: true });
  await appeared(up);
  assert.ok(os.getPriority(running.pid) > os.getPriority());
  await running.stop();
});

test('no program outlives a supervisor that was killed', async () => {
  const up = path.join(folder, 'child-is-up');
  const gone = path.join(folder, 'child-is-gone');
  const parent = JSON.stringify(path.join(import.meta.dirname, '../packages/config/src/parent.ts'));
  const child = aProgram(
    'child',
    `import { exitWithParent } from ${parent};
     setInterval(() => {}, 1000);
     exitWithParent(async () => { ${saying(gone)} });
     ${saying(up)}`,
  );
  const program = JSON.stringify(path.join(import.meta.dirname, 'program.ts'));
  const script = `import { runNode } from ${program}; runNode({ file: ${JSON.stringify(child)}, env: process.env });`;
  const supervisor = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
  await appeared(up);
  supervisor.kill('SIGKILL');
  await appeared(gone);
});
