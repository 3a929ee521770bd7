import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { after, before, test } from 'node:test';
import type { Topic } from '@filmpost/exchange/events/schema.ts';
import { transact } from '@filmpost/exchange/transaction.ts';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';
import { type ServedWorld, PUBLIC_URL, aServer } from '../world/exchange.ts';
import type { Papers } from '../world/visitors.ts';
import {
  type Kind,
  type Knocker,
  type Neighbourhood,
  type Subjects,
  aNeighbourhood,
  everybody,
} from './neighbourhood.ts';

interface Watch {
  may: readonly Kind[];
  /** The subscription's procedure and input. */
  path: string;
  input(at: Subjects): object;
  /** The room that presence and pace are told in. */
  room(at: Subjects): string;
  topic(at: Subjects): Topic;
}

const WATCHES: Watch[] = [
  {
    path: 'facilities.follow',
    may: ['clerk', 'administrator'],
    input: ({ facility }) => ({ facility }),
    room: ({ facility }) => `facility:${facility}`,
    topic: () => `facility:${neighbourhood.home.facility.id}`,
  },
  {
    path: 'requests.follow',
    may: ['clerk', 'administrator'],
    input: ({ requestId }) => ({ requestId }),
    room: ({ requestId }) => `request:${requestId}`,
    topic: ({ requestId }) => `request:${requestId}`,
  },
  {
    path: 'uploads.follow',
    may: ['uploader', 'clerk', 'administrator'],
    input: ({ uploadId }) => ({ uploadId }),
    room: ({ uploadId }) => `upload:${uploadId}`,
    topic: ({ uploadId }) => `upload:${uploadId}`,
  },
  {
    path: 'shares.follow',
    may: ['recipient'],
    input: ({ shareId }) => ({ shareId }),
    room: ({ shareId }) => `share:${shareId}`,
    topic: ({ shareId }) => `share:${shareId}`,
  },
];

let world: ServedWorld;
let neighbourhood: Neighbourhood;
before(async () => {
  world = await aServer();
  neighbourhood = await aNeighbourhood(world);
});
after(() => world.close());

for (const watch of WATCHES) {
  test(`${watch.path} over WebSocket: ${watch.may.join('; ')}`, async () => {
    const refusals = new Set<string>();
    for (const knocker of await everybody(world, neighbourhood)) {
      await happen(watch.topic(knocker.at));
      const told = await subscribe(knocker, watch);
      if (watch.may.includes(knocker.kind)) assert.ok(told.includes('"kind"'), `${knocker.kind}: ${told}`);
      else {
        assert.ok(told.includes('NOT_FOUND'), `${knocker.kind} must be refused, and was told ${told}`);
        refusals.add(told);
      }
    }
    assert.equal(refusals.size, 1, `refusals tell visitors apart: ${[...refusals].join('\n')}`);
  });

  test(`the room of ${watch.path} lets in: ${watch.may.join('; ')}`, async () => {
    for (const knocker of await everybody(world, neighbourhood)) {
      const admitted = await enterRoom(knocker.papers, watch.room(knocker.at));
      assert.equal(admitted, watch.may.includes(knocker.kind), knocker.kind);
    }
  });
}

/** Something that whoever follows the topic from its beginning is told. */
async function happen(topic: Topic): Promise<void> {
  const actor = { kind: 'operator', id: 'test', address: 'local' } as const;
  const event = { topic, kind: 'exam.removed', payload: { studyInstanceUid: '1.2.3' } } as const;
  await transact(world.exchange, actor, async (_trx, ledger) => ledger.event(event));
}

/** The first event or error that a subscription is told. */
async function subscribe({ papers, at }: Knocker, { path, input }: Watch): Promise<string> {
  const socket = new WebSocket(`${world.url.replace('http', 'ws')}/trpc`, { headers: papers });
  await once(socket, 'open');
  const messages = new Promise<string>((resolve) => {
    let events = '';
    socket.on('message', (data) => {
      const text = String(data);
      events += text;
      if (text.includes('"error"') || events.includes('"kind"'))
        resolve(text.includes('"error"') ? text : events);
    });
  });
  const params = { path, input: { ...input(at), lastEventId: '0' } };
  socket.send(JSON.stringify({ id: 1, method: 'subscription', params }));
  const told = await messages;
  socket.terminate();
  return told;
}

/** Whether socket.io lets these papers into a room; over long polling, as behind a hospital's proxy. */
async function enterRoom(papers: Papers, room: string): Promise<boolean> {
  const socket = io(world.url, {
    path: '/live',
    extraHeaders: papers,
    forceNew: true,
    transports: ['polling'],
  });
  try {
    return await socket.emitWithAck('watch', room);
  } finally {
    socket.disconnect();
  }
}

test('a page of another site cannot listen in', async () => {
  for (const origin of ['https://evil.example', 'null', 'not an origin']) {
    const socket = new WebSocket(`${world.url.replace('http', 'ws')}/trpc`, { headers: { origin } });
    const [error] = await once(socket, 'error');
    assert.match(String(error), /403/, origin);
    const polling = await fetch(`${world.url}/live/?EIO=4&transport=polling`, { headers: { origin } });
    assert.equal(polling.status, 403, origin);
    const posted = await fetch(`${world.url}/trpc/access.leave`, { method: 'POST', headers: { origin } });
    assert.equal(posted.status, 403, origin);
  }
  const own = new WebSocket(`${world.url.replace('http', 'ws')}/trpc`, { headers: { origin: PUBLIC_URL } });
  await once(own, 'open');
  own.terminate();
  const polling = await fetch(`${world.url}/live/?EIO=4&transport=polling`, {
    headers: { origin: PUBLIC_URL },
  });
  assert.equal(polling.status, 200);
});

test('a stranger who breaks off while being refused leaves the server standing', async () => {
  const { port } = new URL(world.url);
  for (let tries = 0; tries < 20; tries++) {
    const socket = net.connect(Number(port), '127.0.0.1');
    await once(socket, 'connect');
    const lines = [
      'GET /trpc HTTP/1.1',
      'Host: x',
      'Origin: https://evil.example',
      'Upgrade: websocket',
      'Connection: Upgrade',
    ];
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    // Half of them hear the refusal first, and go while the server is still closing.
    if (tries % 2 === 0) await once(socket, 'data');
    socket.resetAndDestroy();
  }
  assert.equal((await fetch(`${world.url}/health`)).status, 200);
});

test('a message too long for any question ends its connection', async () => {
  const socket = await connected(world);
  socket.send('x'.repeat(17 * 1024));
  const [code] = await once(socket, 'close');
  assert.equal(code, 1009);
});

test('who says more than any page does is not listened to any longer', async () => {
  const socket = await connected(world);
  const heard: string[] = [];
  socket.on('message', (data) => heard.push(String(data)));
  for (let i = 0; i < 200; i++) socket.send('PING');
  const [code] = await once(socket, 'close');
  assert.equal(code, 1008);
  // Twenty a second, and the flood may have met the turn of one.
  assert.ok(heard.length <= 42, `${heard.length} of 200 were answered`);
});

test('a message asks twenty things at most', async () => {
  const socket = await connected(world);
  const ask = (id: number) => ({ id, method: 'query', params: { path: 'access.me' } });
  socket.send(JSON.stringify(Array.from({ length: 21 }, (_, id) => ask(id))));
  const [data] = await once(socket, 'message');
  assert.match(String(data), /"BAD_REQUEST"/);
  socket.terminate();
});

test('a browser and an address hold so many sockets; who leaves makes room', async () => {
  const small = await aServer({ sockets: { perBrowser: 2, perAddress: 4 } });
  const [one, other] = [{ cookie: 'filmpost_recipient=one' }, { cookie: 'filmpost_recipient=other' }];
  const first = await connected(small, one);
  await connected(small, one);
  assert.match(await refusal(small, one), /429/, 'a third of one browser');
  await connected(small, other);
  await connected(small);
  assert.match(await refusal(small, other), /429/, 'a fifth of one address');
  first.terminate();
  await until(() => connected(small, other));
  assert.match(await refusal(small, one), /429/);
  await small.close();
});

test('presence has room for as many of a browser, and its flood ends too', async () => {
  const small = await aServer({ sockets: { perBrowser: 1 } });
  const cookie = 'filmpost_recipient=one';
  const enter = () =>
    io(small.url, { path: '/live', extraHeaders: { cookie }, forceNew: true, reconnection: false });
  const first = enter();
  await heard(first, 'connect');
  const second = enter();
  await heard(second, 'disconnect', 'connect_error');
  for (let i = 0; i < 200; i++) first.emit('watch', 'share:none', () => undefined);
  await heard(first, 'disconnect');
  await small.close();
});

test('when the house is full a page is told so and may try again, and gets in when somebody leaves', async () => {
  const small = await aServer({ sockets: { inAll: 1 } });
  const inside = await connected(small);
  const { code, said } = await ping(small);
  assert.equal(code, 1013);
  // For an error of no question tRPC's client counts the attempt as failed, though the socket had opened.
  const { id, error } = JSON.parse(said);
  assert.deepEqual([id, error.data.code], [null, 'TOO_MANY_REQUESTS']);
  inside.terminate();
  await until(async () => assert.equal((await ping(small)).said, 'PONG'));
  await small.close();
});

/** What a new socket is told first, and the code it is closed with. */
async function ping({ url }: ServedWorld): Promise<{ said: string; code: number }> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/trpc`);
  let said = '';
  socket.on('open', () => socket.send('PING'));
  socket.on('message', (data) => {
    said ||= String(data);
    if (said === 'PONG') socket.close();
  });
  const [code] = await once(socket, 'close');
  return { said, code };
}

test('a server that stops waits neither for live pages nor for those that do not answer', async () => {
  const stopping = await aServer();
  const [page, silent] = [await connected(stopping), await connected(stopping)];
  silent.pause();
  const [[code]] = await Promise.all([once(page, 'close'), stopping.close()]);
  assert.equal(code, 1001);
  silent.terminate();
});

async function connected({ url }: ServedWorld, headers: Papers = {}): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/trpc`, { headers });
  await once(socket, 'open');
  return socket;
}

async function refusal(to: ServedWorld, headers: Papers): Promise<string> {
  return connected(to, headers).then(
    () => 'let in',
    (error: unknown) => String(error),
  );
}

function heard(
  socket: ReturnType<typeof io>,
  ...names: ('connect' | 'disconnect' | 'connect_error')[]
): Promise<void> {
  return new Promise((resolve) => names.forEach((name) => socket.on(name, () => resolve())));
}

/** Again and again, until it succeeds: the server learns a little later that somebody has left. */
async function until<T>(attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch {
      // Not yet.
    }
  }
}
