import { tracked } from '@trpc/server';
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
  /** The last event worth telling: after it the subscription ends. */
  endsWith?(event: RecordedEvent): boolean;
}

/**
 * A subscription to a topic: each event with its id, from where the client left off. Waits for slow readers, whose
 * unsent messages would otherwise pile up in this process, and ends when the right to follow is gone.
 */
export async function* follow(
  context: CallContext,
  { topic, lastEventId, signal, prove, endsWith }: Following,
) {
  const ended = new AbortController();
  const stop = signal ? AbortSignal.any([signal, ended.signal]) : ended.signal;
  const proving = setInterval(() => prove().catch(() => ended.abort()), PROVE_AGAIN_MS);
  try {
    for await (const event of context.feed.follow(topic, Number(lastEventId ?? 0), stop)) {
      while (context.socket && context.socket.bufferedAmount > MOST_BUFFERED && !stop.aborted) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      }
      yield tracked(String(event.sequence), event);
      if (endsWith?.(event)) return;
    }
  } finally {
    clearInterval(proving);
  }
}
