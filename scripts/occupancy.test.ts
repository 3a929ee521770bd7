import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { AlreadyRunningError, occupy } from './occupancy.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'filmpost-occupancy-'));
after(() => rmSync(folder, { recursive: true }));
const address = 'http://localhost:4999';

test('a second start is told where the first one runs, and the first one is not disturbed', () => {
  const dataDirectory = path.join(folder, 'twice');
  const first = occupy({ dataDirectory, name: 'filmpost', address });
  const second = () => occupy({ dataDirectory, name: 'filmpost', address: 'http://localhost:5000' });
  assert.throws(second, (error) => {
    assert.ok(error instanceof AlreadyRunningError);
    return error.message.startsWith('Filmpost is already running at http://localhost:4999 (DATA_DIR ');
  });
  assert.throws(second, AlreadyRunningError);
  first.announceLeaving();
  first.release();
  assert.equal(occupy({ dataDirectory, name: 'filmpost', address }).afterKill, false);
});

test('servers beside a database of their own each occupy a name of theirs', () => {
  const dataDirectory = path.join(folder, 'several');
  const names = ['filmpost-4001', 'filmpost-4002'];
  for (const name of names) occupy({ dataDirectory, name, address });
  assert.equal(readdirSync(dataDirectory).filter((file) => file.endsWith('.lock')).length, 2);
});

test('a start knows that the one before it was killed', () => {
  const dataDirectory = path.join(folder, 'killed');
  const script = `import { occupy } from ${JSON.stringify(path.join(import.meta.dirname, 'occupancy.ts'))};
    occupy(${JSON.stringify({ dataDirectory, name: 'filmpost', address })}); process.kill(process.pid, 'SIGKILL');`;
  assert.equal(spawnSync(process.execPath, ['--input-type=module', '-e', script]).signal, 'SIGKILL');
  assert.equal(occupy({ dataDirectory, name: 'filmpost', address }).afterKill, true);
});
