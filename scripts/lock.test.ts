import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { takeLock } from './lock.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'filmpost-lock-'));
after(() => rmSync(folder, { recursive: true }));

/** A process that holds the lock until it is killed. */
async function aHolder(file: string) {
  const script = `import { takeLock } from ${JSON.stringify(path.join(import.meta.dirname, 'lock.ts'))};
    console.log(takeLock(${JSON.stringify(file)}) ? 'held' : 'refused'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await once(child.stdout, 'data');
  assert.equal(String(said).trim(), 'held');
  return child;
}

test('of two processes only one gets a lock', async () => {
  const file = path.join(folder, 'one/lock');
  const holder = await aHolder(file);
  assert.equal(takeLock(file), undefined);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
});

test('a lock whose holder was killed is free again at once', async () => {
  const file = path.join(folder, 'two');
  const holder = await aHolder(file);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  const lock = takeLock(file);
  assert.ok(lock);
  lock.release();
  takeLock(file)?.release();
});

test('a lock can be waited for', async () => {
  const file = path.join(folder, 'three');
  const holder = await aHolder(file);
  holder.kill('SIGKILL');
  assert.ok(takeLock(file, 10_000));
});
