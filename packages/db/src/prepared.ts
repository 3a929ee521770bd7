import net from 'node:net';
import pg from 'pg';

/** Connections of one process; each answers one question after the other. */
const LINES = 4;
/** Questions of one moment that share a connection before the next one is taken. */
const MOST_TOGETHER = 16;
/** Statements a connection remembers. Whoever can ask in endlessly many shapes must not fill its memory. */
const MOST_NAMES = 250;

/** Whether the connection failed and not the statement (PostgreSQL, Appendix A, classes 08 and 57). */
function isBroken(error: unknown): boolean {
  return !(error instanceof pg.DatabaseError) || /^(?:08|57P0)/.test(error.code ?? '');
}

interface Line {
  client: Promise<pg.Client>;
  socket: net.Socket;
  /** Questions on it that are not answered yet. */
  busy: number;
  /** Questions that leave together when what has come in is dealt with. */
  leaving: number;
}

/**
 * Holds back what is asked until everything that came in at the same moment has asked. Each write wakes PostgreSQL up,
 * which costs the asker a fifth of its time.
 */
function gather(line: Line): void {
  line.leaving += 1;
  if (line.leaving > 1) return;
  line.socket.cork();
  setImmediate(() => {
    line.leaving = 0;
    line.socket.uncork();
  });
}

/**
 * Asks short reading statements of which there are few texts. PostgreSQL parses and plans each text once a connection,
 * for whatever values: left to itself it plans anew for those that look cheap, which costs more than it saves. When
 * many ask at once, a question is sent without waiting for the answers before it: waking PostgreSQL up costs as much as
 * answering, and this way it is woken once for several. Each answer waits for those before it on its line, so this is
 * for what ends soon. Nothing can be written by it.
 */
export class PreparedReads {
  readonly #url: string;
  readonly #lines = new Set<Line>();
  readonly #names = new Map<string, string>();

  /** Connects when it is first asked. */
  constructor(url: string) {
    this.#url = url;
  }

  /** Columns are named as the statement names them. */
  async rows<Row extends object>(text: string, parameters: readonly unknown[]): Promise<Row[]> {
    const statement = { ...this.#named(text), values: [...parameters] };
    const line = this.#quietest();
    try {
      return await this.#ask<Row>(line, statement);
    } catch (error) {
      if (!isBroken(error)) throw error;
      // Asking again changes nothing, and the other connections may be broken as well without having noticed.
      this.#drop(line);
      return this.#ask<Row>(this.#open(), statement);
    }
  }

  async #ask<Row extends object>(line: Line, statement: pg.QueryConfig): Promise<Row[]> {
    line.busy += 1;
    try {
      const client = await line.client;
      gather(line);
      const { rows } = await client.query<Row>(statement);
      return rows;
    } finally {
      line.busy -= 1;
    }
  }

  async close(): Promise<void> {
    const ending = [...this.#lines].map(({ client }) => client.then((open) => open.end()));
    this.#lines.clear();
    await Promise.allSettled(ending);
  }

  #quietest(): Line {
    let quietest: Line | undefined;
    for (const line of this.#lines) if (line.leaving > 0 && line.leaving < MOST_TOGETHER) return line;
    for (const line of this.#lines) if (!quietest || line.busy < quietest.busy) quietest = line;
    if (quietest && (quietest.busy === 0 || this.#lines.size >= LINES)) return quietest;
    return this.#open();
  }

  #drop(line: Line): void {
    this.#lines.delete(line);
    line.client.then((client) => client.end()).catch(() => undefined);
  }

  #open(): Line {
    // The types of pg do not know the option yet.
    const socket = new net.Socket();
    const config: pg.ClientConfig & { pipeline: true } = {
      connectionString: this.#url,
      options: '-c default_transaction_read_only=on -c plan_cache_mode=force_generic_plan',
      pipeline: true,
      stream: () => socket,
    };
    const client = new pg.Client(config);
    const line: Line = { client: client.connect().then(() => client), socket, busy: 0, leaving: 0 };
    client.on('error', () => this.#lines.delete(line));
    client.on('end', () => this.#lines.delete(line));
    line.client.catch(() => this.#lines.delete(line));
    this.#lines.add(line);
    return line;
  }

  #named(text: string): { text: string; name?: string } {
    const known = this.#names.get(text);
    if (known) return { name: known, text };
    if (this.#names.size >= MOST_NAMES) return { text };
    const name = `prepared ${this.#names.size}`;
    this.#names.set(text, name);
    return { name, text };
  }
}
