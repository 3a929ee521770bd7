import type { RecordedEvent } from '@filmpost/exchange/events/schema.ts';

/** Events a follower may fall behind by before they are dropped and read from the table again. */
const MOST_WAITING = 500;

/** Reads the next page of the topic's events from the table. */
export type ReadAfter = (sequence: number) => Promise<readonly RecordedEvent[]>;

/** Where events are put as they happen, such as a socket. */
export interface Sink {
  /** False while it holds too much that has not moved on. */
  readonly hasRoom: boolean;
  /** Never throws: others wait for the same event. */
  write(event: RecordedEvent): void;
}

const LOOK_AGAIN_MS = 25;

/**
 * One reader of a topic: first what the table holds after its starting point, then what it is handed as it happens,
 * each event once and in order. Written out as an iterator because thousands of them move with every event: nested
 * generators cost five times as much.
 */
export class Follower implements AsyncIterableIterator<RecordedEvent> {
  readonly #read: ReadAfter;
  readonly #onEnd: (follower: Follower) => void;
  #sent: number;
  #replayed: RecordedEvent[] = [];
  #live: RecordedEvent[] = [];
  #replaying = true;
  #overflowed = false;
  #ended = false;
  #wake: (() => void) | null = null;
  #sink: Sink | null = null;

  constructor({
    after,
    read,
    onEnd,
  }: {
    after: number;
    read: ReadAfter;
    onEnd: (follower: Follower) => void;
  }) {
    this.#sent = after;
    this.#read = read;
    this.#onEnd = onEnd;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Hands over events that have just happened. One that does not read makes nobody's memory grow. */
  deliver(events: readonly RecordedEvent[]): void {
    // Whoever waits for the next event has had all before it.
    const rest = this.#wake && this.#sink ? this.#put(events, this.#sink) : events;
    if (rest.length === 0) return;
    if (this.#live.length + rest.length > MOST_WAITING) {
      this.#live = [];
      this.#overflowed = true;
      this.#replaying = true;
    } else this.#live.push(...rest);
    this.#wakeUp();
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#wakeUp();
    this.#onEnd(this);
  }

  async next(): Promise<IteratorResult<RecordedEvent, undefined>> {
    while (!this.#ended) {
      const event = this.#replayed.shift() ?? (this.#replaying ? undefined : this.#live.shift());
      if (event === undefined) await (this.#replaying ? this.#replay() : this.#happening());
      else if (event.sequence > this.#sent) {
        this.#sent = event.sequence;
        return { value: event, done: false };
      }
    }
    return { value: undefined, done: true };
  }

  async return(): Promise<IteratorResult<RecordedEvent, undefined>> {
    this.end();
    return { value: undefined, done: true };
  }

  /**
   * Puts every event into `sink` until the follower ends; once it has caught up, in the very turn in which the event is
   * handed over. A sink without room is waited for, and what happens meanwhile is treated as for any slow reader.
   */
  async pour(sink: Sink): Promise<void> {
    this.#sink = sink;
    for (;;) {
      const { value: event, done } = await this.next();
      if (done) return;
      await this.room(sink);
      if (!this.#ended) sink.write(event);
    }
  }

  /** Resolves when there is room for an event, or when none will come any more. */
  async room(sink: Pick<Sink, 'hasRoom'>): Promise<void> {
    while (!sink.hasRoom && !this.#ended) await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }

  /** @returns the events there was no room for */
  #put(events: readonly RecordedEvent[], sink: Sink): readonly RecordedEvent[] {
    for (const [i, event] of events.entries()) {
      if (!sink.hasRoom) return events.slice(i);
      if (this.#ended || event.sequence <= this.#sent) continue;
      this.#sent = event.sequence;
      sink.write(event);
    }
    return [];
  }

  /** Events handed over while the table is read wait in #live; those it also read are dropped by their number. */
  async #replay(): Promise<void> {
    this.#overflowed = false;
    const page = await this.#read(this.#sent);
    this.#replayed = [...page];
    if (page.length === 0 && !this.#overflowed) this.#replaying = false;
  }

  #happening(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  #wakeUp(): void {
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }
}
