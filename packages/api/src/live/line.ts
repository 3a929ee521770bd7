import type { RecordedEvent } from '@filmpost/exchange/events/schema.ts';
import { type Encoder, jsonEncoder } from '@trpc/server/adapters/ws';
import type { WebSocket } from 'ws';
import type { Sink } from './follower.ts';

/** Unsent bytes beyond which a reader counts as slow: what is to come waits in the table instead of in this process. */
const MOST_UNSENT = 1024 * 1024;
const STARTED = '"result":{"type":"started"}}';
const AS_TEXT = { binary: false, compress: false };

/**
 * The wording of an event, once per opening and not once per follower: thousands of screens are told the same, and
 * their messages open alike, with the number of each page's first few questions.
 */
const worded = new WeakMap<RecordedEvent, Map<string, Buffer>>();

function wordingOf(event: RecordedEvent, opening: string): Buffer {
  const wordings = worded.get(event) ?? new Map<string, Buffer>();
  worded.set(event, wordings);
  const known = wordings.get(opening);
  if (known) return known;
  const id = String(event.sequence);
  const result = JSON.stringify({ type: 'data', data: { id, data: event }, id });
  const wording = Buffer.from(`${opening}"result":${result}}`);
  wordings.set(opening, wording);
  return wording;
}

/** A browser's socket, on which tRPC's adapter answers and followers are told what happens. */
export class Line {
  readonly #socket: Pick<WebSocket, 'send' | 'readyState' | 'OPEN' | 'bufferedAmount'>;
  #opening: string | null = null;

  constructor(socket: Pick<WebSocket, 'send' | 'readyState' | 'OPEN' | 'bufferedAmount'>) {
    this.#socket = socket;
  }

  /** tRPC's JSON, overheard: only its answers hold the number under which a subscription is told anything. */
  readonly encoder: Encoder = {
    decode: (text) => jsonEncoder.decode(text),
    encode: (message) => {
      const text = jsonEncoder.encode(message);
      if (typeof text === 'string' && text.endsWith(STARTED)) this.#overhear(text.slice(0, -STARTED.length));
      return text;
    },
  };

  get hasRoom(): boolean {
    return this.#socket.bufferedAmount <= MOST_UNSENT;
  }

  /**
   * Where the subscription that has just been told "started" is told its events: in the adapter's words, but past the
   * adapter, whose way costs three times as much. Null unless that was in this very turn; then the adapter's way is
   * the one that is left.
   */
  takeOver(): Sink | null {
    const opening = this.#opening;
    this.#opening = null;
    return opening === null ? null : new Told(this, opening);
  }

  say(event: RecordedEvent, opening: string): void {
    const socket = this.#socket;
    if (socket.readyState === socket.OPEN) socket.send(wordingOf(event, opening), AS_TEXT);
  }

  #overhear(opening: string): void {
    this.#opening = opening;
    queueMicrotask(() => (this.#opening = null));
  }
}

/** One subscription's share of a line. */
class Told implements Sink {
  readonly #line: Line;
  readonly #opening: string;

  constructor(line: Line, opening: string) {
    this.#line = line;
    this.#opening = opening;
  }

  get hasRoom(): boolean {
    return this.#line.hasRoom;
  }

  write(event: RecordedEvent): void {
    this.#line.say(event, this.#opening);
  }
}
