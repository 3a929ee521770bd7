import { type TrackedEnvelope, tracked } from '@trpc/server';
import { recognise } from '@filmpost/exchange/access/gate/commands.ts';
import type { RecordedEvent, Topic } from '@filmpost/exchange/events/schema.ts';
import { z } from 'zod';
import type { CallContext } from '../trpc.ts';
import type { Sink } from './follower.ts';

const lastEventId = z
  .string()
  .regex(/^\d{1,16}$/)
  .nullish();

/** Resume point of a subscription: the client sends the id of the last event it saw. */
export const cursorInput = {
  lastEventId,
  /** Ends soon, and after what has happened by then: for lines that let an answer through only once it is whole. */
  briefly: z.boolean().optional(),
};

/** The same for lines that let no stream of events through at all, where pages ask again and again. */
export const sinceInput = {
  lastEventId,
  /** Answers at once, whether anything has happened or not. */
  atOnce: z.boolean().optional(),
};

/** How long a brief subscription waits for something to happen; proxies take a silent minute for a dead line. */
const BRIEFLY_MS = 10_000;
/** How long it then waits for what happens together with it. */
const TOGETHER_MS = 50;
/** How long what has happened already may take to be read when the answer is to come at once. */
const AT_ONCE_MS = 500;
/** More is asked for with the next question. */
const MOST_IN_ONE_ANSWER = 500;

/** How often a long subscription proves its right anew; a revoked share ends it at once by its own event. */
const PROVE_AGAIN_MS = 60_000;

/** What is followed, and what of it: of the procedure and of whoever calls it. */
export interface Following {
  topic: Topic;
  /** Throws when the right has gone. */
  prove(): Promise<unknown>;
  /** Which events this follower may know; all unless told. */
  tells?(event: RecordedEvent): boolean;
  /** The last event worth telling: after it the subscription ends. */
  endsWith?(event: RecordedEvent): boolean;
}

interface From {
  lastEventId?: string | null | undefined;
  signal: AbortSignal | undefined;
}

type Told = TrackedEnvelope<RecordedEvent>;

/**
 * A subscription to a topic: each event with its id, from where the client left off. Waits for slow readers, whose
 * unsent messages would otherwise pile up in this process, and ends when the right to follow is gone.
 *
 * tRPC comes for event by event where it answers by SSE. On a socket it is told the end only: the events are put on the
 * line as they happen, for thousands of followers at a time (decision 9).
 */
export function follow(
  ctx: CallContext,
  following: Following,
  { briefly, ...from }: From & { briefly?: boolean | undefined },
): AsyncIterable<Told, void> {
  return telling(ctx, following, { ...from, ...(briefly && { patience: BRIEFLY_MS }) });
}

/** What has happened since, or soon does: the answer to one of many questions. */
export async function since(
  ctx: CallContext,
  following: Following,
  { atOnce, ...from }: From & { atOnce?: boolean | undefined },
): Promise<{ id: string; data: RecordedEvent }[]> {
  const events: { id: string; data: RecordedEvent }[] = [];
  const patience = atOnce ? AT_ONCE_MS : BRIEFLY_MS;
  for await (const [id, data] of telling({ ...ctx, line: undefined }, following, { ...from, patience })) {
    if (events.push({ id, data }) === MOST_IN_ONE_ANSWER) break;
  }
  return events;
}

/** Somebody whose page asks by itself: that keeps nobody's session alive. */
export function unattended(ctx: CallContext): CallContext {
  const credentials = { ...ctx.credentials, unattended: true };
  return { ...ctx, credentials, visitor: () => recognise(ctx.exchange, credentials) };
}

function telling(
  { feed, line }: CallContext,
  { topic, prove, tells = () => true, endsWith = () => false }: Following,
  { lastEventId, patience, signal }: From & { patience?: number },
): AsyncIterable<Told, void> {
  const follower = feed.follow(topic, Number(lastEventId ?? 0), signal);
  const proving = setInterval(() => prove().catch(() => follower.end()), PROVE_AGAIN_MS);
  let waiting = patience === undefined ? undefined : setTimeout(() => follower.end(), patience);
  const end = async (): Promise<IteratorResult<Told, void>> => {
    clearInterval(proving);
    clearTimeout(waiting);
    follower.end();
    return { value: undefined, done: true };
  };
  /** Nobody ends an iterator that has failed. */
  const ending = async (failure: unknown): Promise<never> => {
    await end();
    throw failure;
  };
  const next = async (): Promise<IteratorResult<Told, void>> => {
    const { value: event, done } = await follower.next().catch(ending);
    if (done) return end();
    if (!tells(event)) return next();
    if (line) await follower.room(line);
    if (endsWith(event)) follower.end();
    if (patience !== undefined) {
      clearTimeout(waiting);
      waiting = setTimeout(() => follower.end(), TOGETHER_MS);
    }
    return { value: tracked(String(event.sequence), event), done: false };
  };
  const pour = async (sink: Sink): Promise<IteratorResult<Told, void>> => {
    await follower.pour(choosing(sink, { tells, endsWith, end: () => follower.end() })).catch(ending);
    return end();
  };
  return {
    [Symbol.asyncIterator]() {
      const sink = line?.takeOver();
      return { next: sink ? () => pour(sink) : next, return: end };
    },
  };
}

interface Choice {
  tells(event: RecordedEvent): boolean;
  endsWith(event: RecordedEvent): boolean;
  end(): void;
}

function choosing(sink: Sink, { tells, endsWith, end }: Choice): Sink {
  return {
    get hasRoom() {
      return sink.hasRoom;
    },
    write(event) {
      if (!tells(event)) return;
      sink.write(event);
      if (endsWith(event)) end();
    },
  };
}
