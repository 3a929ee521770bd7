import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Turns } from './turns.ts';

/** So many who begin as they are let, and end as they are told. */
function acting(turns: Turns, count: number) {
  let begun = 0;
  const ends: (() => void)[] = [];
  const all = Array.from({ length: count }, () =>
    turns.take(() => {
      begun++;
      return new Promise<void>((resolve) => ends.push(resolve));
    }),
  );
  const end = async () => {
    ends.shift()?.();
    await new Promise(setImmediate);
  };
  return { begun: () => begun, end, all: Promise.all(all) };
}

test('as many act at once as may, also when that changes meanwhile', async () => {
  const turns = new Turns(2);
  const { begun, end, all } = acting(turns, 9);
  await new Promise(setImmediate);
  assert.equal(begun(), 2);
  await end();
  assert.equal(begun(), 3, 'one left, one came');
  turns.allow(4);
  await new Promise(setImmediate);
  assert.equal(begun(), 5, 'two more may');
  turns.allow(2);
  await end();
  await end();
  assert.equal(begun(), 5, 'those beyond leave first');
  await end();
  assert.equal(begun(), 6);
  for (let left = 0; left < 5; left++) await end();
  await all;
});

test('whoever fails makes room as well', async () => {
  const turns = new Turns(1);
  await assert.rejects(turns.take(() => Promise.reject(new Error('no'))));
  assert.equal(await turns.take(() => Promise.resolve('yes')), 'yes');
});
