import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { RecordedEvent } from '@filmpost/exchange/events/schema.ts';
import { type Asking, Follower, type Hearing, type Line, Ways } from './follower.ts';

interface Asked {
  by: 'socket or stream' | 'brief stream' | 'question';
  after: string;
  atOnce?: boolean;
  left: boolean;
  hearing: Hearing;
}

const event: RecordedEvent = {
  sequence: 8,
  topic: 'share:a',
  at: '2026-11-01T08:00:00.000Z',
  kind: 'share.changed',
  payload: { shareId: 'a', ended: false },
};

/** A follower whose connection is the test's to break; what it asked, newest last. */
function following(t: TestContext, { sockets = false, ways = new Ways() } = {}) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const asked: Asked[] = [];
  const seen: RecordedEvent[] = [];
  const state = { sockets, connected: true, refused: 0 };
  let socketsFail = () => {};
  const note = (each: Omit<Asked, 'left'>) => {
    const entry = { ...each, left: false };
    asked.push(entry);
    return { unsubscribe: () => void (entry.left = true) };
  };
  const asking: Asking = {
    subscribe: ({ lastEventId, briefly }, hearing) =>
      note({ by: briefly ? 'brief stream' : 'socket or stream', after: lastEventId, hearing }),
    ask: ({ lastEventId, atOnce }, hearing) => note({ by: 'question', after: lastEventId, atOnce, hearing }),
  };
  const line: Line = {
    withoutSockets: () => !state.sockets,
    whenSocketsFail: (callback) => {
      socketsFail = callback;
      return () => (socketsFail = () => {});
    },
    get connected() {
      return state.connected;
    },
    heard: () => void (state.connected = true),
    lost: () => void (state.connected = false),
  };
  const follower = new Follower(asking, line, ways, {
    cursor: '7',
    onEvent: (each) => seen.push(each),
    onRefused: () => void (state.refused += 1),
  });
  const newest = () => asked.at(-1) ?? assert.fail('nothing was asked');
  const giveUpSockets = () => {
    state.sockets = false;
    socketsFail();
  };
  return {
    follower,
    asked,
    newest,
    seen,
    state,
    giveUpSockets,
    wait: (ms: number) => t.mock.timers.tick(ms),
  };
}

const refusal = { data: { code: 'INTERNAL_SERVER_ERROR' } };

test('after a break it goes on behind the last event, and pauses that grow to a quarter of a minute', (t) => {
  const { newest, asked, state, wait, seen } = following(t, { sockets: true });
  newest().hearing.onStarted();
  newest().hearing.onData({ id: '8', data: event });
  for (const pause of [1_000, 2_000, 4_000, 8_000, 15_000, 15_000]) {
    const before = asked.length;
    newest().hearing.onError(refusal);
    assert.equal(state.connected, false);
    wait(pause - 1);
    assert.equal(asked.length, before);
    wait(1);
    assert.equal(asked.length, before + 1);
    assert.equal(newest().after, '8');
  }
  assert.equal(newest().by, 'socket or stream');
  assert.deepEqual(seen, [event]);
});

test('a socket that says nothing is waited for: its own client knows when it is dead', (t) => {
  const { asked, wait } = following(t, { sockets: true });
  wait(3_600_000);
  assert.equal(asked.length, 1);
});

test('a stream held up becomes a brief one, and one that is held up still a question, for every follower', (t) => {
  const ways = new Ways();
  const { asked, newest, wait } = following(t, { ways });
  assert.equal(newest().by, 'socket or stream');
  wait(6_000);
  assert.deepEqual(
    asked.map(({ by, left }) => [by, left]),
    [
      ['socket or stream', true],
      ['brief stream', false],
    ],
  );
  wait(20_000);
  assert.equal(newest().by, 'question');
  assert.equal(asked[1]?.left, true);
  t.mock.timers.reset();
  assert.equal(
    following(t, { ways }).newest().by,
    'question',
    'the next screen begins with what this one learned',
  );
});

test('a stream that comes in time stays', (t) => {
  const { asked, newest, wait } = following(t);
  wait(5_999);
  newest().hearing.onStarted();
  wait(3_600_000);
  assert.equal(asked.length, 1);
});

test('streams refused twice in a row where none ever came are asked for no longer', (t) => {
  const { newest, wait } = following(t);
  newest().hearing.onError(refusal);
  wait(1_000);
  assert.equal(newest().by, 'socket or stream');
  newest().hearing.onError(refusal);
  wait(2_000);
  assert.equal(newest().by, 'question');
});

test('streams refused while a server restarts are asked for again where they came before', (t) => {
  const { newest, wait } = following(t);
  newest().hearing.onStarted();
  for (let round = 0; round < 5; round++) {
    newest().hearing.onError(refusal);
    wait(15_000);
  }
  assert.equal(newest().by, 'socket or stream');
});

test('questions follow each other soon, and want an answer at once only after a break', (t) => {
  const ways = new Ways();
  ways.way = 'questions';
  const { asked, newest, wait, state } = following(t, { ways });
  const answer = () => {
    newest().hearing.onStarted();
    newest().hearing.onData({ id: String(asked.length + 10), data: event });
    newest().hearing.onComplete();
  };
  answer();
  wait(300);
  assert.deepEqual([asked.length, newest().after, newest().atOnce], [2, '11', false]);
  newest().hearing.onError(refusal);
  assert.equal(state.connected, false);
  wait(1_000);
  assert.deepEqual([asked.length, newest().after, newest().atOnce], [3, '11', true]);
  answer();
  assert.equal(state.connected, true);
});

test('what was left says nothing any more, and leaves no second subscription behind', (t) => {
  const { asked, newest, wait, seen, giveUpSockets } = following(t, { sockets: true });
  const socket = newest().hearing;
  giveUpSockets();
  assert.equal(asked.length, 2);
  socket.onData({ id: '9', data: event });
  socket.onStopped();
  socket.onError(refusal);
  newest().hearing.onStarted();
  wait(60_000);
  assert.equal(asked.length, 2);
  assert.equal(newest().after, '7');
  assert.deepEqual(seen, []);
});

test('a right that is gone ends it, and is told once', (t) => {
  const { asked, newest, wait, state } = following(t);
  const { hearing } = newest();
  hearing.onError({ data: { code: 'NOT_FOUND' } });
  hearing.onError({ data: { code: 'NOT_FOUND' } });
  wait(60_000);
  assert.equal(state.refused, 1);
  assert.equal(asked.length, 1);
});

test('a follower that was stopped hears and asks nothing', (t) => {
  const { asked, follower, newest, wait, seen, giveUpSockets } = following(t);
  follower.stop();
  newest().hearing.onData({ id: '9', data: event });
  giveUpSockets();
  wait(60_000);
  assert.equal(asked.length, 1);
  assert.equal(asked[0]?.left, true);
  assert.deepEqual(seen, []);
});
