import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { PictureLine } from './picture-line.ts';
import type { Order, Reply } from './picture-making.ts';

/** As much of a worker as the line uses; what it is asked is answered by the test. */
class Hand extends EventTarget {
  readonly asked: string[] = [];
  ended = false;

  postMessage(message: Order | { kind: 'files' }): void {
    this.asked.push(message.kind === 'files' ? 'files' : message.path);
  }

  answer(words: string): void {
    this.dispatchEvent(new MessageEvent('message', { data: { refused: words } satisfies Reply }));
  }

  terminate(): void {
    this.ended = true;
  }
}

function aLine() {
  const hands: Hand[] = [];
  const line = new PictureLine(() => {
    const hand = new Hand();
    hands.push(hand);
    return hand as unknown as Worker;
  });
  return { line, hands };
}

const order = (path: string): Order => ({
  kind: 'draw',
  path,
  sopInstanceUid: '1.2',
  frameNumber: 1,
  window: null,
  most: null,
});

test('only the newest wish is drawn, thumbnails when nobody waits', async () => {
  const { line, hands } = aLine();
  const thumbnail = line.whenIdle(order('T1'));
  const later = line.whenIdle(order('T2'));
  const overtaken = line.show(order('1'));
  const newest = line.show(order('2'));
  assert.equal(await overtaken, null);
  for (const words of ['t1', '2', 't2']) hands[0]?.answer(words);
  assert.deepEqual(await Promise.all([thumbnail, newest, later]), [
    { refused: 't1' },
    { refused: '2' },
    { refused: 't2' },
  ]);
  assert.deepEqual(hands[0]?.asked, ['T1', '2', 'T2']);
});

test('what takes too long costs its worker, and the next picture has another one with the same files', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const { line, hands } = aLine();
  line.open(new Map());
  const stuck = line.show(order('1'));
  mock.timers.tick(20_000);
  mock.timers.reset();
  assert.deepEqual(await stuck, { refused: 'Making this picture took too long and was given up.' });
  assert.equal(hands[0]?.ended, true);
  const next = line.show(order('2'));
  hands[0]?.answer('too late');
  hands[1]?.answer('2');
  assert.deepEqual(await next, { refused: '2' });
  assert.deepEqual(hands[1]?.asked, ['files', '2']);
});
