import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LineLost, NoRoom } from './transport.ts';
import { onceThereIsRoom } from './waiting-for-room.ts';

function aDesk({ patience = Infinity } = {}) {
  const told: string[] = [];
  let pauses = 0;
  const pause = async () => void (pauses += 1);
  return {
    told,
    waiting: { tell: (words: string) => void told.push(words), wanted: () => pauses < patience, pause },
  };
}

test('what finds no room is said in the server’s words and tried until there is some', async () => {
  const failures = [new NoRoom('Full.'), new NoRoom('Full.')];
  const { told, waiting } = aDesk();
  const act = async () => {
    const failure = failures.shift();
    if (failure) throw failure;
    return 'opened';
  };
  assert.equal(await onceThereIsRoom(act, waiting), 'opened');
  assert.deepEqual(told, Array(2).fill('Full. This page tries again by itself.'));
});

test('it is given up when nobody waits any more, and nothing else is tried again', async () => {
  const { waiting } = aDesk({ patience: 3 });
  assert.equal(await onceThereIsRoom(() => Promise.reject(new NoRoom('Full.')), waiting), undefined);
  await assert.rejects(
    onceThereIsRoom(() => Promise.reject(new LineLost()), waiting),
    LineLost,
  );
});
