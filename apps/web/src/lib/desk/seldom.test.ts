import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { seldom } from './seldom.ts';

test('a burst of askings is answered once, and one during the work once more', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const finish: (() => void)[] = [];
  const work = mock.fn(() => new Promise<void>((resolve) => finish.push(resolve)));
  const { ask } = seldom(work, 100);
  ask();
  ask();
  t.mock.timers.tick(100);
  assert.equal(work.mock.callCount(), 1);
  ask();
  ask();
  t.mock.timers.tick(1000);
  assert.equal(work.mock.callCount(), 1, 'never twice at the same time');
  finish[0]?.();
  await new Promise((resolve) => setImmediate(resolve));
  t.mock.timers.tick(100);
  assert.equal(work.mock.callCount(), 2);
});

test('nothing runs after stopping', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const work = mock.fn(async () => undefined);
  const { ask, stop } = seldom(work, 100);
  ask();
  stop();
  ask();
  t.mock.timers.tick(1000);
  assert.equal(work.mock.callCount(), 0);
});
