import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { z } from 'zod';
import { freePort } from '../world/house.ts';
import { type Started, nobodyWorksIn, npmStart, workersIn } from '../world/started.ts';

const linux =
  process.platform === 'linux' ? {} : { skip: 'processes are counted in /proc, which only Linux has' };
const directory = mkdtempSync(path.join(os.tmpdir(), 'filmpost-start-'));
const port = await freePort();
const address = `http://localhost:${port}`;
const READY = 'Ctrl-C stops it.';
let running: Started | undefined;
after(async () => {
  for (const pid of process.platform === 'linux' ? workersIn(directory) : []) process.kill(pid, 'SIGKILL');
  await running?.ended;
  rmSync(directory, { recursive: true, force: true, maxRetries: 20 });
});

/** As long as the next thing takes on a machine that is busy. */
const patient = { timeout: 300_000, ...linux };

function start(): Started {
  running = npmStart({ DATA_DIR: directory, PORT: String(port) });
  return running;
}

async function isServing(): Promise<boolean> {
  const health = await fetch(`${address}/health`).catch(() => null);
  return health?.status === 200;
}

test('one line starts everything and says what somebody new wants to know', patient, async () => {
  const { says, printed } = start();
  await says(READY);
  const text = printed();
  assert.match(text, new RegExp(`Filmpost is ready at ${address}`));
  for (const [what, pattern] of Object.entries({
    clerk: /Maya Chen\s+clerk\s+maya@st-antony\.example\s+\S{12,}/,
    administrator: /Sam Okafor\s+administrator\s+sam@st-antony\.example\s+\S{12,}/,
    'request page': new RegExp(`${address}/r/st-antony\\s+PIN \\d{6}`),
    share: new RegExp(`${address}/view\\s+code \\S{3} - \\S{3} - \\S{3}\\s+date of birth 1981/08/29`),
  }))
    assert.match(text, pattern, what);
  const disc = /with the sample disc in (.+)/.exec(text)?.[1] ?? '';
  assert.ok(existsSync(path.join(disc, 'DICOMDIR')), 'the sample disc is there');
  assert.ok(await isServing());
  assert.equal((await fetch(`${address}/r/st-antony`)).status, 200);
});

test('a second start says where the first one runs and leaves it alone', patient, async () => {
  const second = npmStart({ DATA_DIR: directory, PORT: String(port) });
  assert.equal(await second.ended, 0);
  assert.match(second.printed(), new RegExp(`Filmpost is already running at ${address}`));
  assert.ok(await isServing());
});

test('Ctrl-C stops it and leaves no process behind', patient, async () => {
  assert.ok(running);
  running.interrupt();
  await running.ended;
  assert.match(running.printed(), /Stopping/);
  assert.deepEqual(workersIn(directory), []);
});

test(
  'killed with kill -9 it leaves no process behind, and starts again with the same world',
  patient,
  async () => {
    const first = start();
    await first.says(READY);
    const { pid } = z
      .object({ pid: z.number() })
      .parse(JSON.parse(readFileSync(path.join(directory, 'filmpost.json'), 'utf8')));
    process.kill(pid, 'SIGKILL');
    await first.ended;
    await nobodyWorksIn(directory);
    const again = start();
    await again.says(READY);
    const share = (text: string) => /code (\S{3} - \S{3} - \S{3})/.exec(text)?.[1];
    assert.ok(share(again.printed()));
    assert.equal(share(again.printed()), share(first.printed()));
    assert.ok(await isServing());
    again.interrupt();
    await again.ended;
    assert.deepEqual(workersIn(directory), []);
  },
);
