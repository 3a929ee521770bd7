import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Moment } from './moment.ts';

setFlagsFromString('--expose-gc');
const gc: () => void = runInNewContext('gc');

test('within the moment one question is asked, after it another', async () => {
  const moment = new Moment<number>({ ms: 100, most: 10 });
  let asked = 0;
  const ask = () => Promise.resolve((asked += 1));
  assert.equal(await moment.recall('a', ask, 1000), 1);
  assert.equal(await moment.recall('a', ask, 1099), 1);
  assert.equal(await moment.recall('b', ask, 1099), 2);
  assert.equal(await moment.recall('a', ask, 1100), 3);
});

test('a clock that is set back is not believed', async () => {
  const moment = new Moment<number>({ ms: 100, most: 10 });
  let asked = 0;
  const ask = () => Promise.resolve((asked += 1));
  await moment.recall('a', ask, 10_000);
  assert.equal(await moment.recall('a', ask, 5000), 2);
});

test('a no is not remembered', async () => {
  const moment = new Moment<number>({ ms: 100, most: 10 });
  await assert.rejects(moment.recall('a', () => Promise.reject(new Error('no')), 1000));
  assert.equal(await moment.recall('a', () => Promise.resolve(7), 1000), 7);
});

test('whoever asks while the answer is on its way waits for the same one', async () => {
  const moment = new Moment<number>({ ms: 100, most: 10 });
  let asked = 0;
  const ask = () => new Promise<number>((resolve) => setImmediate(resolve, (asked += 1)));
  assert.deepEqual(await Promise.all([moment.recall('a', ask, 0), moment.recall('a', ask, 50)]), [1, 1]);
});

test('it remembers no more than it is told', async () => {
  const moment = new Moment<number>({ ms: 100, most: 3 });
  let asked = 0;
  const ask = () => Promise.resolve((asked += 1));
  for (const key of ['a', 'b', 'c', 'd']) await moment.recall(key, ask, 1000);
  assert.equal(await moment.recall('d', ask, 1000), 4);
  assert.equal(await moment.recall('a', ask, 1000), 5, 'the oldest has gone');
});

test('what nobody asks for any more leaves memory', async () => {
  const moment = new Moment<object>({ ms: 5, most: 10 });
  const kept = new WeakRef(await moment.recall('a', () => Promise.resolve({}), 1000));
  // Collected at the earliest when the memory has been emptied.
  while (kept.deref()) await new Promise<void>((resolve) => setImmediate(() => (gc(), resolve())));
});
