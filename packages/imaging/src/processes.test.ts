import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import type { StoredFrame } from './decode.ts';
import { ImagingProcesses } from './processes.ts';
import { NoPicture } from './refusals.ts';
import { jpegOfManyScans, nativeFrame } from '../fixtures/frames.ts';

const LINUX = process.platform === 'linux' ? false : 'reads /proc';

const decode = (frame: StoredFrame) => ({ kind: 'decode' as const, frame });
const reason = (expected: string) => (error: unknown) =>
  error instanceof NoPicture && error.reason === expected;

test('a frame that takes too long costs its process and is refused; the next one has a new process', async () => {
  using processes = closing(new ImagingProcesses({ most: 1, timeMs: 3_000 }));
  await processes.run(decode(nativeFrame()));
  const [first] = processes.pids;
  await assert.rejects(processes.run(decode(jpegOfManyScans())), reason('too-slow'));
  const { bytes } = await processes.run<'decode'>(decode(nativeFrame()));
  assert.deepEqual([...bytes], [1, 2, 3, 4]);
  assert.notEqual(processes.pids[0], first);
  assert.equal(processes.pids.length, 1);
});

test('a process that grows beyond its bound ends, and its task is refused', { skip: LINUX }, async () => {
  using processes = closing(new ImagingProcesses({ most: 1, memoryBytes: 30 * 1024 * 1024 }));
  await assert.rejects(processes.run(decode(jpegOfManyScans())), reason('died'));
});

test('no more wait than may, and those are told so at once', async () => {
  using processes = closing(new ImagingProcesses({ most: 1, waiting: 2 }));
  const running = [1, 2, 3].map(() => processes.run(decode(nativeFrame())));
  await assert.rejects(processes.run(decode(nativeFrame())), reason('busy'));
  assert.equal((await Promise.all(running)).length, 3);
});

test('a process that has nothing to do ends', async () => {
  using processes = closing(new ImagingProcesses({ most: 2, idleMs: 50 }));
  const running = [1, 2].map(() => processes.run(decode(nativeFrame())));
  const { pids } = processes;
  assert.equal(pids.length, 2);
  await Promise.all(running);
  await ended(pids);
});

test(
  'processes end with the one that started them, in the middle of a frame too',
  { skip: LINUX },
  async () => {
    const parent = spawn(
      process.execPath,
      [new URL('../fixtures/stuck-parent.ts', import.meta.url).pathname],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const [line] = await once(parent.stdout, 'data');
    const pids = String(line).trim().split(' ').map(Number);
    assert.ok(pids.length > 0 && pids.every((pid) => existsSync(`/proc/${pid}`)), String(line));
    parent.kill('SIGKILL');
    await ended(pids);
  },
);

/** Until none of them is there any more; a zombie of somebody else's counts as gone. */
async function ended(pids: number[]): Promise<void> {
  const alive = (pid: number) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  const deadline = Date.now() + 10_000;
  while (pids.some(alive)) {
    assert.ok(Date.now() < deadline, `still there: ${pids.join()}`);
    await new Promise((next) => setImmediate(next));
  }
}

function closing(processes: ImagingProcesses): ImagingProcesses & Disposable {
  return Object.assign(processes, { [Symbol.dispose]: () => processes.close() });
}
