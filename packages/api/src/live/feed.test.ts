import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { RecordedEvent, Topic } from '@filmpost/exchange/events/schema.ts';
import { openExchange } from '@filmpost/exchange/open-exchange.ts';
import { transact } from '@filmpost/exchange/transaction.ts';
import { type World, anExchange } from '@filmpost/tests/world/exchange.ts';
import { sql } from 'kysely';
import { EventFeed } from './feed.ts';

const WRITERS = 8;
const EACH = 100;
const actor = { kind: 'operator', id: 'test', address: 'local' } as const;

let world: World;
let feed: EventFeed;
before(async () => {
  world = await anExchange();
  feed = new EventFeed(world.exchange, world.databaseUrl);
  await feed.open();
});
after(async () => {
  await feed.close();
  await world.close();
});

let topics = 0;
function aTopic(): Topic {
  return `share:${(topics += 1)}`;
}

/** One command's transaction: it holds its event's place for a while, now and then, as real work does. */
async function happen(topic: Topic, what: string, hold = false): Promise<void> {
  await transact(world.exchange, actor, async (trx, ledger) => {
    ledger.event({ topic, kind: 'exam.removed', payload: { studyInstanceUid: what } });
    if (hold) await sql`select pg_sleep(0.003)`.execute(trx);
  });
}

/** Eight writers at once; each writes in its own order. */
async function writeMuch(topic: Topic): Promise<void> {
  const write = async (writer: number) => {
    for (let i = 0; i < EACH; i++) await happen(topic, `${writer} ${i}`, (writer + i) % 3 === 0);
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
}

/** Follows until `count` events have come. */
async function collect(
  from: EventFeed,
  topic: Topic,
  { count, after = 0, onEvent }: { count: number; after?: number; onEvent?: (seen: number) => Promise<void> },
): Promise<RecordedEvent[]> {
  const ended = new AbortController();
  const seen: RecordedEvent[] = [];
  for await (const event of from.follow(topic, after, ended.signal)) {
    seen.push(event);
    await onEvent?.(seen.length);
    if (seen.length === count) break;
  }
  ended.abort();
  return seen;
}

function assertWhole(seen: readonly RecordedEvent[], count: number): void {
  assert.equal(seen.length, count);
  assert.equal(new Set(seen.map(({ sequence }) => sequence)).size, count, 'each once');
  const sorted = seen.toSorted((a, b) => a.sequence - b.sequence);
  assert.deepEqual(
    seen.map(({ sequence }) => sequence),
    sorted.map(({ sequence }) => sequence),
    'in order',
  );
}

test('eight writers at once: a follower sees every event, once and in order', async () => {
  const topic = aTopic();
  const following = collect(feed, topic, { count: WRITERS * EACH });
  await writeMuch(topic);
  assertWhole(await following, WRITERS * EACH);
});

test('whoever joins in the middle of it misses nothing and hears nothing twice', async () => {
  const topic = aTopic();
  const joins: Promise<RecordedEvent[]>[] = [];
  const join = async () => {
    for (let i = 0; i < 10; i++) {
      joins.push(collect(feed, topic, { count: WRITERS * EACH }));
      await happen(aTopic(), 'something else');
    }
  };
  await Promise.all([writeMuch(topic), join()]);
  for (const seen of await Promise.all(joins)) assertWhole(seen, WRITERS * EACH);
});

test('two processes follow one topic, and both see everything', async () => {
  const { exchange, close } = await openExchange({
    databaseUrl: world.databaseUrl,
    dataDirectory: world.directory,
    publicUrl: world.exchange.publicUrl,
    secret: 'a second process of the same exchange, told the same',
    secretFile: path.join(world.directory, 'second/secret'),
  });
  const second = new EventFeed(exchange, world.databaseUrl);
  await second.open();
  const topic = aTopic();
  const both = [feed, second].map((each) => collect(each, topic, { count: WRITERS * EACH }));
  await writeMuch(topic);
  for (const seen of await Promise.all(both)) assertWhole(seen, WRITERS * EACH);
  await second.close();
  await close();
});

test('a listener whose connection is killed comes back and has lost nothing', async () => {
  const topic = aTopic();
  const following = collect(feed, topic, {
    count: 40,
    onEvent: async (seen) => {
      if (seen === 10) await killListeners();
    },
  });
  for (let i = 0; i < 40; i++) await happen(topic, String(i));
  assertWhole(await following, 40);
});

async function killListeners(): Promise<void> {
  const { rows } = await sql<{ killed: boolean }>`
    select pg_terminate_backend(pid) as killed from pg_stat_activity
    where datname = current_database() and query like 'listen%filmpost_event%'`.execute(world.exchange.db);
  assert.ok(rows.length > 0, 'a listener was there to be killed');
}

test('a follower resumes after the last event it saw', async () => {
  const topic = aTopic();
  for (let i = 0; i < 20; i++) await happen(topic, String(i));
  const first = await collect(feed, topic, { count: 8 });
  const rest = collect(feed, topic, { count: 17, after: first.at(-1)?.sequence });
  for (let i = 20; i < 25; i++) await happen(topic, String(i));
  assertWhole([...first, ...(await rest)], 25);
});

test('a follower that does not read holds nobody up, and catches up from the table', async () => {
  const topic = aTopic();
  await happen(topic, 'first');
  const total = 1 + 1500;
  let mayGoOn = () => {};
  const blocked = new Promise<void>((resolve) => (mayGoOn = resolve));
  const slow = collect(feed, topic, {
    count: total,
    onEvent: async (seen) => {
      if (seen === 1) await blocked;
    },
  });
  const quick = collect(feed, topic, { count: total });
  for (let batch = 0; batch < 15; batch++) {
    await transact(world.exchange, actor, async (_trx, ledger) => {
      for (let i = 0; i < 100; i++) {
        ledger.event({ topic, kind: 'exam.removed', payload: { studyInstanceUid: `${batch} ${i}` } });
      }
    });
  }
  assertWhole(await quick, total);
  mayGoOn();
  assertWhole(await slow, total);
});

test('what a follower puts somewhere is put there whole, and waits in the table while there is no room', async () => {
  const topic = aTopic();
  await happen(topic, 'before');
  const total = 1 + 3 * 400;
  const put: RecordedEvent[] = [];
  let whole = () => {};
  const done = new Promise<void>((resolve) => (whole = resolve));
  const sink = {
    hasRoom: true,
    write(event: RecordedEvent) {
      put.push(event);
      if (put.length === total) whole();
      if (put.length === 100) this.hasRoom = false;
    },
  };
  const follower = feed.follow(topic, 0);
  const poured = follower.pour(sink);
  const others = collect(feed, topic, { count: total });
  for (let batch = 0; batch < total - 1; batch += 20) {
    await transact(world.exchange, actor, async (_trx, ledger) => {
      for (let i = 0; i < 20; i++) {
        ledger.event({ topic, kind: 'exam.removed', payload: { studyInstanceUid: `${batch + i}` } });
      }
    });
  }
  assertWhole(await others, total);
  assert.equal(put.length, 100, 'as many as there was room for');
  sink.hasRoom = true;
  await done;
  assertWhole(put, total);
  follower.end();
  await poured;
});

test('a follower is let go when its signal says so, also while nothing happens', async () => {
  const ended = new AbortController();
  const following = feed.follow(aTopic(), 0, ended.signal);
  const next = following.next();
  await happen(aTopic(), 'elsewhere');
  ended.abort();
  assert.deepEqual(await next, { value: undefined, done: true });
});

test('events of other topics are nobody else’s', async () => {
  const [mine, other] = [aTopic(), aTopic()];
  const following = collect(feed, mine, { count: 1 });
  await happen(other, 'not for me');
  await happen(mine, 'for me');
  const [event] = await following;
  assert.deepEqual(event?.payload, { studyInstanceUid: 'for me' });
});
