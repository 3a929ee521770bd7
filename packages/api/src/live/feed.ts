import { EVENT_CHANNEL } from '@filmpost/exchange/events/commands.ts';
import { eventsAfter, latestSequence } from '@filmpost/exchange/events/queries.ts';
import type { Topic } from '@filmpost/exchange/events/schema.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { Follower } from './follower.ts';
import { Listener } from './listener.ts';

/** A hint that got lost costs at most this long. */
const LOOK_AGAIN_MS = 15_000;

/** Everything this process knows of one topic: how far it has read, and who follows. */
interface TopicTail {
  /** Settled when `last` is known; reading begins after it. */
  begun: Promise<void>;
  last: number;
  followers: Set<Follower>;
  reading: boolean;
  again: boolean;
}

/**
 * The replayable feed behind every live screen. Each topic is read once per process, whatever the number of its
 * followers; each follower first joins, then replays from the table, then is handed what happens.
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
  follow(topic: Topic, after: number, signal?: AbortSignal): Follower {
    const tail = this.#tailOf(topic);
    const follower = new Follower({
      after,
      read: async (sequence) => {
        await tail.begun;
        return eventsAfter(this.#exchange, topic, { after: sequence });
      },
      onEnd: () => {
        signal?.removeEventListener('abort', end);
        tail.followers.delete(follower);
        if (tail.followers.size === 0) this.#forget(topic, tail);
      },
    });
    const end = () => follower.end();
    tail.followers.add(follower);
    signal?.addEventListener('abort', end);
    if (signal?.aborted) end();
    return follower;
  }

  #tailOf(topic: Topic): TopicTail {
    const known = this.#tails.get(topic);
    if (known) return known;
    const tail: TopicTail = {
      begun: Promise.resolve(),
      last: 0,
      followers: new Set(),
      reading: true,
      again: false,
    };
    this.#tails.set(topic, tail);
    tail.begun = this.#begin(topic, tail);
    // Whoever follows meets the same failure when it reads.
    tail.begun.catch(() => this.#forget(topic, tail));
    return tail;
  }

  /** Others may follow the topic by a tail of their own since this one failed to begin. */
  #forget(topic: Topic, tail: TopicTail): void {
    if (this.#tails.get(topic) === tail) this.#tails.delete(topic);
  }

  async #begin(topic: Topic, tail: TopicTail): Promise<void> {
    tail.last = await latestSequence(this.#exchange, topic);
    tail.reading = false;
    if (tail.again) void this.#advance(topic);
  }

  #hint(payload: string | null): void {
    if (payload === null) {
      for (const topic of this.#tails.keys()) void this.#advance(topic);
      return;
    }
    // The payload is `<topic> <sequence>`, written by writeEvents.
    const name = payload.slice(0, payload.lastIndexOf(' '));
    void this.#advance(name as Topic);
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
        if (events.length === 0) continue;
        tail.last = events.at(-1)?.sequence ?? tail.last;
        tail.again = true;
        for (const follower of tail.followers) follower.deliver(events);
      }
    } catch (error) {
      // The table stays; the next hint, the reconnection or the timer reads on from the same place.
      console.error(`live feed: ${error instanceof Error ? error.message : 'unknown error'}`);
    } finally {
      tail.reading = false;
    }
  }
}
