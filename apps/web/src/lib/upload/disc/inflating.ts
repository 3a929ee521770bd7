import type { ByteSource } from '@filmpost/media/reading/byte-source.ts';

/** How much is taken from the packed side at once, in bytes. */
const PIECE_BYTES = 256 * 1024;

/** What is packed does not inflate to what its archive promised. */
export class NotAsPromised extends Error {
  constructor() {
    super('The packed bytes are damaged.');
    this.name = 'NotAsPromised';
  }
}

/**
 * Inflated bytes (RFC 1951) as if they could be read anywhere. Reading on is cheap; reading back begins anew. Holds a
 * few pieces in memory, however large the whole is, and never gives more than `size` bytes.
 */
export class InflatedSource implements ByteSource {
  readonly size: number;
  readonly #packed: ByteSource;
  #cursor: Cursor | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(packed: ByteSource, size: number) {
    this.#packed = packed;
    this.size = size;
  }

  /** One read at a time: they share a cursor. @throws NotAsPromised */
  read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const result = this.#last.then(() => this.#readNow(offset, length));
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #readNow(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const wanted = new Uint8Array(Math.max(0, Math.min(length, this.size - offset)));
    if (wanted.length === 0) return wanted;
    if (!this.#cursor || this.#cursor.at > offset) {
      this.#cursor?.close();
      this.#cursor = new Cursor(this.#packed);
    }
    try {
      await this.#cursor.skipTo(offset);
      await this.#cursor.fill(wanted);
      if (offset + wanted.length === this.size) await this.#cursor.expectEnd();
    } catch (error) {
      this.close();
      throw error;
    }
    return wanted;
  }

  close(): void {
    this.#cursor?.close();
    this.#cursor = null;
  }
}

/** A place in an inflated stream, which only moves forward. */
class Cursor {
  at = 0;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #piece: Uint8Array = new Uint8Array();
  /** Errors of the packed side are a scratch, not a broken archive. */
  #unreadable: unknown = null;

  constructor(packed: ByteSource) {
    let at = 0;
    const pull = async (controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>) => {
      try {
        const bytes = at < packed.size ? await packed.read(at, PIECE_BYTES) : new Uint8Array();
        at += bytes.length;
        if (bytes.length > 0) controller.enqueue(bytes);
        else controller.close();
      } catch (error) {
        this.#unreadable = error;
        throw error;
      }
    };
    const stream = new ReadableStream({ pull }, { highWaterMark: 0 });
    this.#reader = stream.pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  }

  async skipTo(position: number): Promise<void> {
    while (this.at < position) {
      const step = Math.min((await this.#some()).length, position - this.at);
      this.#take(step);
    }
  }

  async fill(target: Uint8Array): Promise<void> {
    for (let filled = 0; filled < target.length;) {
      const piece = (await this.#some()).subarray(0, target.length - filled);
      target.set(piece, filled);
      filled += piece.length;
      this.#take(piece.length);
    }
  }

  /** The stream must end here: more than was promised is a lie as well. */
  async expectEnd(): Promise<void> {
    if (this.#piece.length > 0 || !(await this.#next()).done) throw new NotAsPromised();
  }

  close(): void {
    void this.#reader.cancel().catch(() => undefined);
  }

  #take(length: number): void {
    this.#piece = this.#piece.subarray(length);
    this.at += length;
  }

  async #some(): Promise<Uint8Array> {
    while (this.#piece.length === 0) {
      const { done, value } = await this.#next();
      if (done) throw new NotAsPromised();
      this.#piece = value;
    }
    return this.#piece;
  }

  async #next() {
    try {
      return await this.#reader.read();
    } catch {
      throw this.#unreadable ?? new NotAsPromised();
    }
  }
}
