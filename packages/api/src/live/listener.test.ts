import assert from 'node:assert/strict';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { test } from 'node:test';
import { aDatabase } from '@filmpost/db/test-database.ts';
import pg from 'pg';
import { Listener } from './listener.ts';

/** Stands between a client and PostgreSQL, and can be shut for a while as a restarting database is. */
class Turnstile {
  readonly #server: net.Server;
  readonly #open = new Set<net.Socket>();
  attempts = 0;
  shut = false;

  constructor({ host, port }: { host: string; port: number }) {
    const target = host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port };
    this.#server = net.createServer((client) => {
      this.attempts++;
      if (this.shut) return void client.destroy();
      const database = net.connect(target);
      for (const socket of [client, database]) {
        this.#open.add(socket);
        socket.on('error', () => undefined).on('close', () => socket.destroy());
      }
      client.pipe(database).pipe(client);
    });
  }

  async port(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    // Listening on TCP, so it has an address and a port.
    return (this.#server.address() as AddressInfo).port;
  }

  cut(): void {
    for (const socket of this.#open) socket.destroy();
    this.#open.clear();
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** Settles when somebody has tried to come in this often. */
  async tried(times: number): Promise<void> {
    while (this.attempts < times) await once(this.#server, 'connection');
  }
}

test('a listener whose database is gone for a while tries again, one attempt after the other', async (t) => {
  const database = await aDatabase();
  const target = new pg.Client(database.url);
  const turnstile = new Turnstile(target);
  const { user = '', database: name = '' } = target;
  const through = `postgres://${user}:${target.password}@127.0.0.1:${await turnstile.port()}/${name}`;
  const hints: (string | null)[] = [];
  let hinted = () => {};
  const listener = new Listener(through, 'a_channel', (payload) => {
    hints.push(payload);
    hinted();
  });
  t.after(async () => {
    await listener.close();
    await turnstile.close();
    await database.drop();
  });
  await listener.open();
  assert.deepEqual(hints, [null], 'whatever happened before must be looked for');

  turnstile.shut = true;
  turnstile.attempts = 0;
  const begun = performance.now();
  turnstile.cut();
  await turnstile.tried(8);
  const elapsed = performance.now() - begun;
  assert.ok(elapsed > 7 * 200, `eight attempts within ${Math.round(elapsed)} ms: they multiply`);

  const back = new Promise<void>((resolve) => (hinted = resolve));
  turnstile.shut = false;
  await back;
  assert.deepEqual(hints, [null, null], 'what was missed meanwhile must be looked for');

  const heard = new Promise<void>((resolve) => (hinted = resolve));
  const client = new pg.Client(database.url);
  await client.connect();
  await client.query("select pg_notify('a_channel', 'here')");
  await heard;
  await client.end();
  assert.deepEqual(hints, [null, null, 'here'], 'one listener hears it, once');
});
