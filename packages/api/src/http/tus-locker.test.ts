import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { anExchange } from '@filmpost/tests/world/exchange.ts';
import { PgLocker } from './tus-locker.ts';

const TIMES = 30;

test('when connections break again and again, no lock stays behind on one that was forgotten', async (t) => {
  const { exchange, databaseUrl, close } = await anExchange();
  t.after(close);
  const locker = new PgLocker(databaseUrl);
  t.after(() => locker.close());
  const insist = async (act: () => Promise<void>): Promise<void> => {
    for (;;) {
      try {
        return await act();
      } catch (error) {
        // A question that was under way when its connection broke.
        if (!(error instanceof Error)) throw error;
      }
    }
  };
  const locks = async () => {
    const { rows } = await sql<{ pid: number }>`
      select pid from pg_locks where locktype = 'advisory'
        and database = (select oid from pg_database where datname = current_database())`.execute(exchange.db);
    return rows;
  };
  for (let time = 0; time < TIMES; time++) {
    const lock = locker.newLock(`upload ${time}`);
    await insist(() => lock.lock(new AbortController().signal, () => undefined));
    const [holder] = await locks();
    await sql`select pg_terminate_backend(${holder?.pid ?? 0})`.execute(exchange.db);
    const other = locker.newLock(`another ${time}`);
    await insist(() => other.lock(new AbortController().signal, () => undefined));
    await insist(() => other.unlock());
    await insist(() => lock.unlock());
    assert.deepEqual(await locks(), [], `after ${time + 1} times`);
  }
});
