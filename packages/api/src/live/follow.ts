import { type TrackedEnvelope, tracked } from '@trpc/server';
import type { RecordedEvent, Topic } from '@filmpost/exchange/events/schema.ts';
import { z } from 'zod';
import type { CallContext } from '../trpc.ts';

/** Resume point of a subscription: the client sends the id of the last event it saw. */
export const cursorInput = {
  lastEventId: z
    .string()
    .regex(/^\d{1,16}$/)
    .nullish(),
};

const MOST_BUFFERED = 1024 * 1024;
const LOOK_AGAIN_MS = 25;
/** How often a long subscription proves its right anew; a revoked share ends it at once by its own event. */
const PROVE_AGAIN_MS = 60_000;

interface Following {
  topic: Topic;
  lastEventId: string | null | undefined;
  signal: AbortSignal | undefined;
  /** Throws when the right has gone. */
  prove(): Promise<unknown>;
  /** Which events this follower may know; all unless told. */
  tells?(event: RecordedEvent): boolean;
  /** The last event worth telling: after it the subscription ends. */
  endsWith?(event: RecordedEvent): boolean;
}

type Told = TrackedEnvelope<RecordedEvent>;

/**
 * A subscription to a topic: each event with its id, from where the client left off. Waits for slow readers, whose
 * unsent messages would otherwise pile up in this process, and ends when the right to follow is gone.
 *
 * An iterator by hand and not a generator: it moves for each of thousands of followers with every event.
 */
export function follow(
  { feed, socket }: CallContext,
  { topic, lastEventId, signal, prove, tells, endsWith }: Following,
): AsyncIterable<Told, void> {
  const ended = new AbortController();
  const stop = signal ? AbortSignal.any([signal, ended.signal]) : ended.signal;
  const proving = setInterval(() => prove().catch(() => ended.abort()), PROVE_AGAIN_MS);
  const events = feed.follow(topic, Number(lastEventId ?? 0), stop);
  let over = false;
  const end = async (): Promise<IteratorResult<Told, void>> => {
    over = true;
    clearInterval(proving);
    await events.return?.();
    return { value: undefined, done: true };
  };
  const next = async (): Promise<IteratorResult<Told, void>> => {
    if (over) return end();
    const { value: event, done } = await events.next();
    if (done) return end();
    if (tells && !tells(event)) return next();
    while (socket && socket.bufferedAmount > MOST_BUFFERED && !stop.aborted) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
    over = endsWith?.(event) ?? false;
    return { value: tracked(String(event.sequence), event), done: false };
  };
  return { [Symbol.asyncIterator]: () => ({ next, return: end }) };
}
