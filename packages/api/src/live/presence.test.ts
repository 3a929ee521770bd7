import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { anExchange } from '@filmpost/tests/world/exchange.ts';
import { SOCKET_LIMITS } from './crowd.ts';
import { createPresence } from './presence.ts';

test('who closes it before its connection to the database is there waits for that one, and not for ever', async (t) => {
  const { exchange, databaseUrl, close } = await anExchange();
  t.after(close);
  const slow = await aSlowDatabase(t, databaseUrl);
  const server = http.createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const presence = createPresence(exchange, {
    server,
    databaseUrl: slow.url,
    trustedProxies: 0,
    limits: SOCKET_LIMITS,
  });
  await slow.asked;
  const closing = presence.close();
  slow.answer();
  await closing;
  assert.equal(server.listening, false);
});

interface SlowDatabase {
  url: string;
  /** Settles when somebody has connected. */
  asked: Promise<unknown>;
  /** Lets everything through that was held back, and all that comes. */
  answer(): void;
}

/** The database at `url`, behind a socket that holds everything back until it is told to answer. */
async function aSlowDatabase(t: TestContext, url: string): Promise<SlowDatabase> {
  const address = new URL(url);
  const name = `.s.PGSQL.${address.port || 5432}`;
  const behind = path.join(address.searchParams.get('host') ?? '', name);
  const directory = mkdtempSync(path.join(os.tmpdir(), 'filmpost-slow-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const { promise: answering, resolve: answer } = Promise.withResolvers<void>();
  const server = net.createServer(async (client) => {
    await answering;
    const database = net.connect(behind);
    for (const socket of [client, database]) socket.on('error', () => undefined);
    client.pipe(database).pipe(client);
  });
  const asked = once(server, 'connection');
  server.listen(path.join(directory, name));
  await once(server, 'listening');
  t.after(() => server.close());
  address.searchParams.set('host', directory);
  return { url: address.href, asked, answer };
}
