import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ReadFiles, UnreadableFiles } from './disc-reader.ts';
import { HeadStart } from './head-start.ts';
import type { Pack } from './packs.ts';

const packs: Pack[] = Array.from({ length: 5 }, (_, at) => ({ files: [], size: at }));

/** A disc that gives what it is asked for when it is told to, and notes what that is. */
function slowDisc() {
  const asked: number[] = [];
  const answers: { give(): void; fail(): void }[] = [];
  const seal = ({ size }: Pack) => {
    asked.push(size);
    const { promise, resolve, reject } = Promise.withResolvers<ReadFiles>();
    answers.push({
      give: () =>
        resolve({ digests: [`digest ${size}`], packed: () => Promise.reject(new Error('not sent')) }),
      fail: () => reject(new UnreadableFiles([0])),
    });
    return promise;
  };
  const next = async (how: 'give' | 'fail' = 'give') => {
    await new Promise(setImmediate);
    answers.shift()?.[how]();
    await new Promise(setImmediate);
  };
  return { asked, seal, next };
}

test('a few packs are read before anybody asks, one after the other', async () => {
  const { asked, seal, next } = slowDisc();
  const start = new HeadStart(packs, seal);
  await next();
  assert.deepEqual(asked, [0, 1], 'the second when the first was read');
  assert.deepEqual(await start.beginning(), ['digest 0']);
  await next();
  await next();
  assert.deepEqual(asked, [0, 1, 2], 'no more than a few');
  for (const pack of packs.slice(0, 3)) assert.equal((await start.seal(pack)).digests.length, 1);
  assert.deepEqual(asked, [0, 1, 2], 'nothing is read twice');
  void start.seal(packs[3]!);
  assert.deepEqual(asked, [0, 1, 2, 3]);
});

test('what the disc did not give is told to whoever asks, and asked of the disc anew the next time', async () => {
  const { asked, seal, next } = slowDisc();
  const start = new HeadStart(packs, seal);
  await next('fail');
  assert.deepEqual(await start.beginning(), [], 'no beginning to tell an upload by');
  const [first, second] = packs as [Pack, Pack];
  await assert.rejects(start.seal(first), UnreadableFiles);
  await next();
  assert.equal((await start.seal(second)).digests[0], 'digest 1', 'the next was read all the same');
  void start.seal(first);
  assert.equal(asked.at(-1), 0);
});

test('no packs have no beginning', async () => {
  assert.deepEqual(await new HeadStart([], slowDisc().seal).beginning(), []);
});
