import { ERRORS, type Lock, type Locker, type RequestRelease } from '@tus/utils';
import pg from 'pg';

const CHANNEL = 'filmpost_tus_release';
const PATIENCE_MS = 10_000;
const LOOK_AGAIN_MS = 50;

/**
 * One writer per upload across all processes: session advisory locks on a single connection, so that a process that
 * dies loses all its locks with its connection. A newcomer asks the holder to let go by NOTIFY: after a broken line
 * the client is back before its old, half-open request has noticed.
 */
export class PgLocker implements Locker {
  readonly #url: string;
  readonly #held = new Map<string, RequestRelease>();
  #client: Promise<pg.Client> | null = null;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(databaseUrl: string) {
    this.#url = databaseUrl;
  }

  newLock(id: string): Lock {
    return {
      lock: (signal, requestRelease) => this.#lock(id, { signal, requestRelease }),
      unlock: () => this.#unlock(id),
    };
  }

  async close(): Promise<void> {
    await (await this.#client)?.end();
  }

  async #lock(
    id: string,
    { signal, requestRelease }: { signal: AbortSignal; requestRelease: RequestRelease },
  ): Promise<void> {
    const end = Date.now() + PATIENCE_MS;
    for (let asked = false; ; asked = true) {
      if (!this.#held.has(id) && (await this.#take(id, requestRelease))) return;
      if (!asked) await this.#query('select pg_notify($1, $2)', [CHANNEL, id]);
      if (signal.aborted || Date.now() > end) throw ERRORS.ERR_LOCK_TIMEOUT;
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }

  async #take(id: string, requestRelease: RequestRelease): Promise<boolean> {
    // One session may take its own advisory lock twice; the map keeps two requests of this process apart.
    this.#held.set(id, requestRelease);
    let taken = false;
    try {
      const result = await this.#query('select pg_try_advisory_lock(hashtextextended($1, 7)) as taken', [id]);
      taken = result.rows[0]?.taken === true;
    } finally {
      if (!taken) this.#held.delete(id);
    }
    return taken;
  }

  async #unlock(id: string): Promise<void> {
    this.#held.delete(id);
    await this.#query('select pg_advisory_unlock(hashtextextended($1, 7))', [id]);
  }

  /** One query after the other: pg 9 will no longer accept them at once on one client. */
  #query(text: string, values: string[]): Promise<pg.QueryResult> {
    const run = async () => (await this.#connected()).query(text, values);
    const result = this.#queue.then(run, run);
    this.#queue = result.catch(() => undefined);
    return result;
  }

  #connected(): Promise<pg.Client> {
    this.#client ??= this.#connect();
    return this.#client;
  }

  #connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.#url, keepAlive: true });
    const connecting = listening(client);
    // It fails first and ends later, when another one may hold locks in its place.
    const forget = () => {
      if (this.#client === connecting) this.#client = null;
    };
    client.on('error', forget).on('end', forget);
    client.on('notification', ({ payload }) => this.#held.get(payload ?? '')?.());
    connecting.catch(forget);
    return connecting;
  }
}

async function listening(client: pg.Client): Promise<pg.Client> {
  await client.connect();
  await client.query(`listen ${CHANNEL}`);
  return client;
}
