import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { RecordedEvent, Topic } from '@filmpost/exchange/events/schema.ts';
import { transact } from '@filmpost/exchange/transaction.ts';
import { type Knocker, type Kind, aNeighbourhood, everybody } from '@filmpost/tests/access/neighbourhood.ts';
import { type ServedWorld, aServer } from '@filmpost/tests/world/exchange.ts';
import { createTRPCClient, createWSClient, httpLink, wsLink } from '@trpc/client';
import { WebSocket } from 'ws';
import type { AppRouter } from '../router.ts';

let world: ServedWorld;
let knockers: Knocker[];
before(async () => {
  world = await aServer();
  knockers = await everybody(world, await aNeighbourhood(world));
});
after(() => world.close());

function who(kind: Kind): Knocker {
  const knocker = knockers.find((each) => each.kind === kind);
  assert.ok(knocker);
  return knocker;
}

/** tRPC's own client, as pages have it, with somebody's papers; and the sockets it opened. */
function aPage({ papers }: Knocker) {
  const sockets: WebSocket[] = [];
  class Opened extends WebSocket {
    constructor(address: string) {
      super(address, { headers: papers });
      sockets.push(this);
    }
  }
  // The client asks for the browser's class; ws is made to stand in for it.
  const client = createWSClient({
    url: `${world.url.replace('http', 'ws')}/trpc`,
    WebSocket: Opened as unknown as typeof globalThis.WebSocket,
    retryDelayMs: () => 10,
  });
  return { api: createTRPCClient<AppRouter>({ links: [wsLink({ client })] }), client, sockets };
}

const actor = { kind: 'operator', id: 'test', address: 'local' } as const;

async function happen(topic: Topic, ...whats: string[]): Promise<void> {
  await transact(world.exchange, actor, async (_trx, ledger) => {
    for (const studyInstanceUid of whats)
      ledger.event({ topic, kind: 'exam.removed', payload: { studyInstanceUid } });
  });
}

/** What a follower is told, and when it has been told a given thing. */
function hearing() {
  const heard: { id: string; data: RecordedEvent }[] = [];
  const waiting = new Map<string, () => void>();
  const uid = ({ data }: { data: RecordedEvent }) =>
    data.kind === 'exam.removed' ? data.payload.studyInstanceUid : data.kind;
  return {
    heard,
    uids: () => heard.map(uid).filter((what) => what.startsWith('happened')),
    onData(item: { id: string; data: RecordedEvent }) {
      heard.push(item);
      waiting.get(uid(item))?.();
    },
    until: (what: string) =>
      heard.some((item) => uid(item) === what)
        ? Promise.resolve()
        : new Promise<void>((resolve) => waiting.set(what, resolve)),
  };
}

test('a page is told each event once, in order and with its id, however often its line breaks', async () => {
  const clerk = who('clerk');
  const page = aPage(clerk);
  const told = hearing();
  const topic: Topic = `upload:${clerk.at.uploadId}`;
  page.api.uploads.follow.subscribe({ uploadId: clerk.at.uploadId }, told);
  for (let i = 0; i < 60; i++) {
    await happen(topic, `happened ${i}`);
    if (i % 12 !== 5) continue;
    await told.until(`happened ${i - 1}`);
    page.sockets.at(-1)?.terminate();
  }
  await told.until('happened 59');
  assert.deepEqual(
    told.uids(),
    Array.from({ length: 60 }, (_, i) => `happened ${i}`),
  );
  assert.ok(told.heard.every(({ id, data }) => id === String(data.sequence)));
  assert.ok(page.sockets.length >= 5, `it came back ${page.sockets.length} times`);
  await page.client.close();
});

test('what a page follows at once is told apart: each subscription hears its own', async () => {
  const { at, ...clerk } = who('clerk');
  const page = aPage({ at, ...clerk });
  const [upload, request, again] = [hearing(), hearing(), hearing()];
  page.api.uploads.follow.subscribe({ uploadId: at.uploadId }, upload);
  page.api.requests.follow.subscribe({ requestId: at.requestId }, request);
  page.api.uploads.follow.subscribe({ uploadId: at.uploadId, lastEventId: '0' }, again);
  await happen(`request:${at.requestId}`, 'happened to the request');
  await happen(`upload:${at.uploadId}`, 'happened to the upload');
  await Promise.all([
    upload.until('happened to the upload'),
    request.until('happened to the request'),
    again.until('happened to the upload'),
  ]);
  assert.deepEqual(request.uids(), ['happened to the request']);
  assert.deepEqual(upload.uids(), again.uids());
  assert.ok(!upload.uids().includes('happened to the request'));
  await page.client.close();
});

test('a page that does not read is not waited for, and is told everything when it reads again', async () => {
  const { at, ...clerk } = who('clerk');
  const [slow, quick] = [aPage({ at, ...clerk }), aPage({ at, ...clerk })];
  const [late, soon] = [hearing(), hearing()];
  slow.api.uploads.follow.subscribe({ uploadId: at.uploadId }, late);
  quick.api.uploads.follow.subscribe({ uploadId: at.uploadId }, soon);
  await happen(`upload:${at.uploadId}`, 'happened first');
  await Promise.all([late.until('happened first'), soon.until('happened first')]);
  const before = late.heard.length;
  slow.sockets[0]?.pause();
  // More than the kernel's buffers, ours and the events kept for a slow reader hold together.
  const much = Array.from({ length: 1200 }, (_, i) => `happened ${i} ${'x'.repeat(16_000)}`);
  for (let i = 0; i < much.length; i += 100) await happen(`upload:${at.uploadId}`, ...much.slice(i, i + 100));
  await soon.until(much.at(-1) ?? '');
  assert.ok(late.heard.length - before < much.length, 'the slow one has not been told it all');
  slow.sockets[0]?.resume();
  await late.until(much.at(-1) ?? '');
  assert.deepEqual(late.uids(), soon.uids());
  await Promise.all([slow.client.close(), quick.client.close()]);
});

test('a follower is told that its share ended, and then nothing more', async () => {
  const recipient = who('recipient');
  const page = aPage(recipient);
  const told = hearing();
  const topic: Topic = `share:${recipient.at.shareId}`;
  const over = new Promise<void>((resolve) => {
    const once = { ...told, onStopped: resolve, onComplete: resolve };
    page.api.shares.follow.subscribe({ shareId: recipient.at.shareId }, once);
  });
  await happen(topic, 'happened before');
  await told.until('happened before');
  await transact(world.exchange, actor, async (_trx, ledger) => {
    const payload = { shareId: recipient.at.shareId, ended: true };
    ledger.event({ topic, kind: 'share.changed', payload });
    ledger.event({ topic, kind: 'exam.removed', payload: { studyInstanceUid: 'happened after' } });
  });
  await over;
  assert.deepEqual(told.uids(), ['happened before']);
  assert.equal(told.heard.at(-1)?.data.kind, 'share.changed');
  await page.client.close();
});

test('who asks again and again is told what happened since, once, and waits for what happens next', async () => {
  const { at, papers } = who('clerk');
  const { requests } = asking(papers);
  const about = (events: { data: RecordedEvent }[]) =>
    events.flatMap(({ data }) => (data.kind === 'exam.removed' ? data.payload.studyInstanceUid : []));
  const { requestId } = at;
  await happen(`request:${requestId}`, 'one', 'two');
  const first = await requests.since.query({ requestId, atOnce: true });
  assert.deepEqual(about(first).slice(-2), ['one', 'two']);
  const lastEventId = first.at(-1)?.id ?? '';
  assert.deepEqual(await requests.since.query({ requestId, lastEventId, atOnce: true }), []);
  const next = requests.since.query({ requestId, lastEventId });
  await happen(`request:${requestId}`, 'three');
  assert.deepEqual(about(await next), ['three']);
});

test('one answer holds five hundred events, and the next goes on behind them', async () => {
  const { at, papers } = who('clerk');
  const { requests } = asking(papers);
  const { requestId } = at;
  const before = (await requests.since.query({ requestId, atOnce: true })).at(-1)?.id ?? '0';
  await happen(`request:${requestId}`, ...Array.from({ length: 501 }, (_, i) => `much ${i}`));
  const first = await requests.since.query({ requestId, lastEventId: before, atOnce: true });
  const rest = await requests.since.query({ requestId, lastEventId: first.at(-1)?.id ?? '', atOnce: true });
  assert.deepEqual([first.length, rest.length], [500, 1]);
});

test('questions that a page asks by itself keep no session alive', async () => {
  const { at, papers } = who('recipient');
  const { shares } = asking(papers);
  for (let minutes = 0; minutes < 30; minutes += 10) {
    await shares.since.query({ shareId: at.shareId, atOnce: true });
    world.pass({ minutes: 10 });
  }
  await assert.rejects(shares.since.query({ shareId: at.shareId, atOnce: true }), /nothing here for you/);
});

/** Calls over HTTP, each alone, with somebody's papers. */
function asking(papers: Knocker['papers']) {
  const url = `${world.url}/trpc`;
  return createTRPCClient<AppRouter>({
    links: [httpLink({ url, methodOverride: 'POST', headers: () => ({ ...papers }) })],
  });
}
