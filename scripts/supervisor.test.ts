import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Running } from './program.ts';
import { Supervisor } from './supervisor.ts';

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await nextTurn();
}

/** A program whose every start and stop is seen, and which ends when it is told to. */
class Fixture {
  starts = 0;
  stops = 0;
  reports: string[] = [];
  failures = 0;
  end: (reason: string) => void = () => undefined;

  readonly start = (): Running => {
    if (this.failures > 0) {
      this.failures -= 1;
      throw new Error('no such file');
    }
    this.starts += 1;
    const { promise, resolve } = Promise.withResolvers<string>();
    this.end = resolve;
    const stop = async () => {
      this.stops += 1;
      resolve('SIGTERM');
    };
    return { pid: this.starts, exited: promise, stop };
  };

  supervised(): Supervisor {
    const report = (sentence: string) => void this.reports.push(sentence);
    return new Supervisor({ name: 'worker', start: this.start, report, firstPause: 1, longestPause: 4 });
  }
}

test('a program that ends by itself is started again, and it is said why', async () => {
  const fixture = new Fixture();
  const supervisor = fixture.supervised();
  await supervisor.start();
  fixture.end('SIGKILL');
  await until(() => fixture.starts === 2);
  assert.equal(fixture.starts, 2);
  assert.deepEqual(fixture.reports, ['The worker ended (SIGKILL); starting it again in 0.001 s.']);
  await supervisor.stop();
});

test('pauses grow while it keeps ending, up to a limit, also when it cannot be started', async () => {
  const fixture = new Fixture();
  const supervisor = fixture.supervised();
  await supervisor.start();
  fixture.failures = 3;
  fixture.end('exit code 1');
  await until(() => fixture.starts === 2);
  const pauses = fixture.reports.map((sentence) => /([\d.]+) s\.$/.exec(sentence)?.[1]);
  assert.deepEqual(pauses, ['0.001', '0.002', '0.004', '0.004']);
  assert.match(fixture.reports[1] ?? '', /no such file/);
  await supervisor.stop();
});

test('a stopped program stays stopped and nothing is reported', async () => {
  const fixture = new Fixture();
  const supervisor = fixture.supervised();
  await supervisor.start();
  await supervisor.stop();
  assert.deepEqual([fixture.starts, fixture.stops, fixture.reports], [1, 1, []]);
});

test('stopping while it pauses before a restart does not wait for that restart', async () => {
  const fixture = new Fixture();
  const supervisor = new Supervisor({
    name: 'worker',
    start: fixture.start,
    report: (sentence) => void fixture.reports.push(sentence),
    firstPause: 3_600_000,
  });
  await supervisor.start();
  fixture.end('SIGKILL');
  await until(() => fixture.reports.length === 1);
  await supervisor.stop();
  assert.equal(fixture.starts, 1);
});

test('a restart for changed sources comes at once and is no failure', async () => {
  const fixture = new Fixture();
  const supervisor = fixture.supervised();
  await supervisor.start();
  await supervisor.restart();
  await until(() => fixture.starts === 2);
  assert.deepEqual([fixture.starts, fixture.stops, fixture.reports], [2, 1, []]);
  await supervisor.stop();
});

test('stopping during the first start waits for it and ends what it brought up', async () => {
  const fixture = new Fixture();
  const gate = Promise.withResolvers<void>();
  const start = () => gate.promise.then(fixture.start);
  const supervisor = new Supervisor({ name: 'worker', start, report: () => undefined });
  const starting = supervisor.start();
  const stopping = supervisor.stop();
  gate.resolve();
  await Promise.all([starting, stopping]);
  assert.deepEqual([fixture.starts, fixture.stops], [1, 1]);
});
