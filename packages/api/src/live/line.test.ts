import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import type { RecordedEvent } from '@filmpost/exchange/events/schema.ts';
import { initTRPC, tracked } from '@trpc/server';
import { getWSConnectionHandler } from '@trpc/server/adapters/ws';
import { WebSocket, WebSocketServer } from 'ws';
import { appRouter } from '../router.ts';
import { Line } from './line.ts';

const event: RecordedEvent = {
  sequence: 4711,
  topic: 'share:1',
  at: '2026-03-01T10:00:00.000Z',
  kind: 'exam.removed',
  payload: { studyInstanceUid: '1.2.3 "quoted", Ærøskøbing, 日本\u2028' },
};

interface Context {
  /** None: the event is left to tRPC's adapter. */
  line?: Line;
  onTakenOver(): void;
}
const t = initTRPC.context<Context>().create();
const router = t.router({
  /** Tells the one event, then ends. */
  follow: t.procedure.subscription(({ ctx }) => ({
    [Symbol.asyncIterator]() {
      const sink = ctx.line?.takeOver();
      if (sink) ctx.onTakenOver();
      let over = false;
      const next = async () => {
        if (over) return { value: undefined, done: true as const };
        over = true;
        if (!sink) return { value: tracked(String(event.sequence), event), done: false as const };
        sink.write(event);
        return { value: undefined, done: true as const };
      };
      return { next };
    },
  })),
});

const servers: WebSocketServer[] = [];
after(() => servers.forEach((server) => server.close()));

/** Everything that a question is answered over a socket, word for word, and how often a line was taken over. */
async function answers(question: object, { byLine }: { byLine: boolean }) {
  const wss = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  servers.push(wss);
  let takenOver = 0;
  wss.on('connection', (socket, request) => {
    const line = new Line(socket);
    const context = { onTakenOver: () => void takenOver++, ...(byLine && { line }) };
    const encoder = byLine ? { experimental_encoder: line.encoder } : {};
    getWSConnectionHandler({ wss, router, createContext: () => context, ...encoder })(socket, request);
  });
  await once(wss, 'listening');
  const { port } = wss.address() as AddressInfo;
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  await once(socket, 'open');
  const heard: string[] = [];
  const stopped = new Promise<void>((resolve) => {
    socket.on('message', (data, isBinary) => {
      heard.push(`${isBinary ? 'binary' : 'text'} ${String(data)}`);
      if (String(data).includes('"stopped"')) resolve();
    });
  });
  socket.send(JSON.stringify(question));
  await stopped;
  socket.terminate();
  return { heard, takenOver };
}

for (const head of [{ id: 1 }, { id: 87 }, { id: 'a "name"' }, { id: 2, jsonrpc: '2.0' }]) {
  test(`what is put on the line is what tRPC would have written, to ${JSON.stringify(head)}`, async () => {
    const question = { ...head, method: 'subscription', params: { path: 'follow' } };
    const adapter = await answers(question, { byLine: false });
    const line = await answers(question, { byLine: true });
    assert.deepEqual(line.heard, adapter.heard);
    assert.match(adapter.heard.join(), /started.*4711.*stopped/s);
    assert.deepEqual([adapter.takenOver, line.takenOver], [0, 1], 'and it was put there, past the adapter');
  });
}

test('the procedures put no transformer between an event and its JSON, which a line would have to know', () => {
  assert.equal(appRouter._def._config.transformer.output.serialize(event), event);
});

/** A socket nobody reads. */
function deaf({ bufferedAmount = 0, readyState = WebSocket.OPEN as WebSocket['readyState'] } = {}) {
  const sent: string[] = [];
  const send = (data: unknown) => void sent.push(String(data));
  return { sent, socket: { send, readyState, OPEN: WebSocket.OPEN, bufferedAmount } };
}

const started = { id: 5, result: { type: 'started' } };

test('a line is taken over by the subscription that has just started, and by nobody later', async () => {
  const { socket } = deaf();
  const line = new Line(socket);
  assert.equal(line.takeOver(), null);
  line.encoder.encode(started);
  assert.ok(line.takeOver());
  assert.equal(line.takeOver(), null, 'a second time');
  line.encoder.encode(started);
  await Promise.resolve();
  assert.equal(line.takeOver(), null, 'in a later turn, when it may be anybody’s');
  line.encoder.encode({ id: 5, result: { type: 'data', data: { result: { type: 'started' } } } });
  assert.equal(line.takeOver(), null, 'for what only looks like a start');
});

test('a line says nothing once its socket closes, and has no room while a megabyte is unsent', () => {
  const closing = deaf({ readyState: WebSocket.CLOSING });
  const line = new Line(closing.socket);
  line.encoder.encode(started);
  line.takeOver()?.write(event);
  assert.deepEqual(closing.sent, []);
  const full = deaf({ bufferedAmount: 1024 * 1024 + 1 });
  assert.deepEqual([line.hasRoom, new Line(full.socket).hasRoom], [true, false]);
});
