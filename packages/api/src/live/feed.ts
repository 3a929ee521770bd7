import { EVENT_CHANNEL } from '@filmpost/exchange/events/commands.ts';
import { eventsAfter, latestSequence } from '@filmpost/exchange/events/queries.ts';
import type { RecordedEvent, Topic } from '@filmpost/exchange/events/schema.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { Listener } from './listener.ts';

/** Events a follower may fall behind by before they are dropped and read from the table again. */
const MOST_WAITING = 500;
/** A hint that got lost costs at most this long. */
const LOOK_AGAIN_MS = 15_000;

interface Follower {
  waiting: RecordedEvent[];
  /** Set when `waiting` overflowed: what follows must be replayed. */
  behind: boolean;
  wake: () => void;
}

/** Everything this process knows of one topic: how far it has read, and who follows. */
interface TopicTail {
  last: number;
  followers: Set<Follower>;
  reading: boolean;
  again: boolean;
}

/**
 * The replayable feed behind every live screen. Each topic is read once per process, whatever the number of its
 * followers; each follower first joins, then replays from the table, then streams, dropping what it has sent.
 */
export class EventFeed {
  readonly #exchange: Exchange;
  readonly #listener: Listener;
  readonly #tails = new Map<Topic, TopicTail>();
  readonly #timer: NodeJS.Timeout;

  constructor(exchange: Exchange, databaseUrl: string) {
    this.#exchange = exchange;
    this.#listener = new Listener(databaseUrl, EVENT_CHANNEL, (payload) => this.#hint(payload));
    this.#timer = setInterval(() => this.#hint(null), LOOK_AGAIN_MS).unref();
  }

  open(): Promise<void> {
    return this.#listener.open();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#listener.close();
  }

  /** Events of `topic` after `after`, in order, each once, until `signal` aborts. */
  async *follow(topic: Topic, after: number, signal: AbortSignal): AsyncGenerator<RecordedEvent> {
    const follower: Follower = { waiting: [], behind: true, wake: () => undefined };
    const tail = await this.#join(topic, follower);
    const wake = () => follower.wake();
    signal.addEventListener('abort', wake);
    let sent = after;
    try {
      while (!signal.aborted) {
        if (follower.behind) {
          follower.behind = false;
          follower.waiting = [];
          for await (const event of this.#replay(topic, sent, signal)) {
            yield event;
            sent = event.sequence;
          }
          continue;
        }
        const event = follower.waiting.shift();
        if (event === undefined) {
          await new Promise<void>((resolve) => {
            follower.wake = resolve;
            if (signal.aborted || follower.behind || follower.waiting.length > 0) resolve();
          });
        } else if (event.sequence > sent) {
          yield event;
          sent = event.sequence;
        }
      }
    } finally {
      signal.removeEventListener('abort', wake);
      tail.followers.delete(follower);
      if (tail.followers.size === 0) this.#tails.delete(topic);
    }
  }

  async #join(topic: Topic, follower: Follower): Promise<TopicTail> {
    const known = this.#tails.get(topic);
    if (known) {
      known.followers.add(follower);
      return known;
    }
    const tail: TopicTail = { last: 0, followers: new Set([follower]), reading: false, again: false };
    this.#tails.set(topic, tail);
    tail.last = await latestSequence(this.#exchange, topic);
    return tail;
  }

  async *#replay(topic: Topic, after: number, signal: AbortSignal): AsyncGenerator<RecordedEvent> {
    for (let last = after; !signal.aborted;) {
      const events = await eventsAfter(this.#exchange, topic, { after: last });
      yield* events;
      last = events.at(-1)?.sequence ?? last;
      if (events.length === 0) return;
    }
  }

  #hint(payload: string | null): void {
    if (payload === null) {
      for (const topic of this.#tails.keys()) void this.#advance(topic);
      return;
    }
    // The payload is `<topic> <sequence>`, written by writeEvents.
    const topic = payload.slice(0, payload.lastIndexOf(' '));
    if (this.#tails.has(topic as Topic)) void this.#advance(topic as Topic);
  }

  /** Reads a topic on from where it was, once at a time; a hint during the read makes it read again. */
  async #advance(topic: Topic): Promise<void> {
    const tail = this.#tails.get(topic);
    if (!tail) return;
    tail.again = true;
    if (tail.reading) return;
    tail.reading = true;
    try {
      while (tail.again && tail.followers.size > 0) {
        tail.again = false;
        const events = await eventsAfter(this.#exchange, topic, { after: tail.last });
        tail.last = events.at(-1)?.sequence ?? tail.last;
        if (events.length > 0) tail.again = true;
        for (const follower of tail.followers) deliver(follower, events);
      }
    } catch (error) {
      // The table stays; the next hint, the reconnection or the timer reads on from the same place.
      console.error(`live feed: ${error instanceof Error ? error.message : 'unknown error'}`);
    } finally {
      tail.reading = false;
    }
  }
}

function deliver(follower: Follower, events: readonly RecordedEvent[]): void {
  if (events.length === 0 || follower.behind) return;
  if (follower.waiting.length + events.length > MOST_WAITING) {
    follower.behind = true;
    follower.waiting = [];
  } else follower.waiting.push(...events);
  follower.wake();
}
