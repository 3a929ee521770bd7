import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { test } from 'node:test';
import { UnhealthyError, healthy, whyNotListen, whyNotListenSoon } from './health.ts';

async function aServer(answer: http.RequestListener) {
  const server = http.createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address && typeof address === 'object');
  const close = async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return { host: '127.0.0.1', port: address.port, close };
}

test('a port in use is told apart from a free one', async () => {
  const { host, port, close } = await aServer(() => undefined);
  assert.equal(await whyNotListen({ host, port }), 'EADDRINUSE');
  await close();
  assert.equal(await whyNotListen({ host, port }), undefined);
});

test('a port that its last owner is just letting go is waited for', async () => {
  const { host, port, close } = await aServer(() => undefined);
  const waiting = whyNotListenSoon({ host, port }, 10_000);
  await close();
  assert.equal(await waiting, undefined);
});

test('a server is ready when /health says 200 and not before', async () => {
  const answers = [503, 503, 200];
  const { host, port, close } = await aServer((request, response) => {
    response.writeHead(request.url === '/health' ? (answers.shift() ?? 200) : 404).end();
  });
  await healthy({ host, port });
  assert.deepEqual(answers, []);
  await close();
});

test('a server that never becomes ready is reported with its own reason', async () => {
  const { host, port, close } = await aServer((_request, response) => {
    response.writeHead(503).end('{"reason":"no database"}');
  });
  await assert.rejects(healthy({ host, port }, 0), (error) => {
    assert.ok(error instanceof UnhealthyError);
    return error.message.includes('no database');
  });
  await close();
});
