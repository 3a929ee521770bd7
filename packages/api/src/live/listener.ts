import pg from 'pg';

const RECONNECT_MS = 250;

/**
 * One connection that listens for NOTIFY, for the whole process. A notification is a hint: whoever listens reads the
 * table, and is woken as well when the connection was lost and is back, since hints may have passed meanwhile.
 */
export class Listener {
  readonly #url: string;
  readonly #channel: string;
  readonly #onHint: (payload: string | null) => void;
  #client: pg.Client | null = null;
  #closed = false;

  /** @param onHint told the payload of each notification, or null when any may have been missed */
  constructor(url: string, channel: string, onHint: (payload: string | null) => void) {
    this.#url = url;
    this.#channel = channel;
    this.#onHint = onHint;
  }

  async open(): Promise<void> {
    const client = new pg.Client({ connectionString: this.#url, keepAlive: true });
    const ended = new Promise<void>((resolve) => client.once('end', resolve));
    client.on('error', () => undefined);
    client.on('notification', ({ payload }) => this.#onHint(payload ?? ''));
    try {
      await client.connect();
      await client.query(`listen ${pg.escapeIdentifier(this.#channel)}`);
    } catch (error) {
      void client.end().catch(() => undefined);
      throw error;
    }
    if (this.#closed) return client.end();
    this.#client = client;
    // Only one that listened is replaced when it ends: an attempt that fails is for its caller to repeat.
    void ended.then(() => this.#reopen());
    this.#onHint(null);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#client?.end();
  }

  #reopen(): void {
    this.#client = null;
    if (this.#closed) return;
    setTimeout(() => {
      if (!this.#closed) this.open().catch(() => this.#reopen());
    }, RECONNECT_MS);
  }
}
