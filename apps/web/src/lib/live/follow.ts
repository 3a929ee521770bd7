import type { RecordedEvent } from '@filmpost/exchange/events/schema.ts';
import { alone, api, whenSocketsFail, withoutSockets } from './api.ts';
import { connection } from './connection.svelte.ts';

/** What a screen follows; each has its own right, checked by the gate. */
export type Subject =
  | { kind: 'share'; shareId: string }
  | { kind: 'request'; requestId: string }
  | { kind: 'upload'; uploadId: string }
  | { kind: 'facility'; facility: string };

interface Following {
  /** The event after which to begin; from the answer that drew the screen. */
  cursor: string;
  onEvent(event: RecordedEvent): void;
  /** The right to follow is gone: the share ended, the session expired, or it never was. */
  onRefused(): void;
}

const AGAIN_MS = 1_000;
const LATEST_AGAIN_MS = 15_000;
/** A stream that says nothing by then is held up by a proxy until it ends. */
const HELD_UP_MS = { streams: 6_000, 'brief streams': 20_000 };
/** A question waits ten seconds for its answer. */
const UNANSWERED_MS = 30_000;
/** Streams refused one after the other, where none ever came, until they are taken to be forbidden. */
const MOST_REFUSED = 2;
const BRIEF_PAUSE_MS = 300;

/**
 * How this page learns what happens where sockets do not open. Once a stream was held up, all are asked to end soon:
 * what comes late is better than what never does. Where none is let through it asks again and again.
 */
let way: 'streams' | 'brief streams' | 'questions' = 'streams';
let refused = 0;
let streamsCome = false;

/**
 * Follows a subject until stopped. Whatever happens to the connection or the server, each event arrives once and in
 * order: after every break it goes on behind the last one seen.
 */
export function follow(subject: Subject, { cursor, onEvent, onRefused }: Following): () => void {
  let last = cursor;
  let stopped = false;
  let pause = AGAIN_MS;
  let turn = 0;
  let current: { unsubscribe(): void } | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let heldUp: ReturnType<typeof setTimeout> | undefined;

  const again = () => {
    if (stopped) return;
    clearTimeout(timer);
    timer = setTimeout(start, pause);
    pause = Math.min(pause * 2, LATEST_AGAIN_MS);
  };
  const startOver = () => {
    turn += 1;
    current?.unsubscribe();
    start();
  };
  const fallBack = (from: 'streams' | 'brief streams') => {
    // Another screen of this page may have learned it before.
    if (way === from) way = from === 'streams' ? 'brief streams' : 'questions';
    startOver();
  };
  const start = () => {
    if (stopped) return;
    const mine = ++turn;
    // One that was left still says that it has ended, and more.
    const heeded =
      <Said extends unknown[]>(say: (...said: Said) => void) =>
      (...said: Said) => {
        if (!stopped && mine === turn) say(...said);
      };
    const overHttp = withoutSockets();
    clearTimeout(timer);
    clearTimeout(heldUp);
    const mode = way;
    if (overHttp && mode !== 'questions') heldUp = setTimeout(() => fallBack(mode), HELD_UP_MS[mode]);
    const callbacks: Callbacks = {
      onStarted: heeded(() => {
        clearTimeout(heldUp);
        if (overHttp && mode !== 'questions') streamsCome = true;
        refused = 0;
        connection.heard();
      }),
      onData: heeded((item) => {
        pause = AGAIN_MS;
        last = item.id;
        connection.heard();
        onEvent(item.data);
      }),
      onError: heeded((error) => {
        clearTimeout(heldUp);
        if (error.data?.code === 'NOT_FOUND') {
          stopped = true;
          onRefused();
          return;
        }
        connection.lost();
        if (overHttp && !streamsCome && ++refused >= MOST_REFUSED) way = 'questions';
        again();
      }),
      onStopped: heeded(again),
      onComplete: heeded(() => {
        clearTimeout(heldUp);
        if (overHttp && mode !== 'streams') pause = BRIEF_PAUSE_MS;
        again();
      }),
    };
    const cursor = { lastEventId: last };
    if (!overHttp || mode === 'streams') current = subscribe(subject, cursor, callbacks);
    else if (mode === 'brief streams') current = subscribe(subject, { ...cursor, briefly: true }, callbacks);
    else current = ask(subject, { ...cursor, atOnce: !connection.connected }, callbacks);
  };
  const stopWaiting = whenSocketsFail(startOver);
  start();
  return () => {
    stopped = true;
    stopWaiting();
    clearTimeout(timer);
    clearTimeout(heldUp);
    current?.unsubscribe();
  };
}

interface Happened {
  id: string;
  data: RecordedEvent;
}
interface Failure {
  data?: { code?: string } | null | undefined;
}
interface Callbacks {
  onStarted(): void;
  onData(item: Happened): void;
  onError(error: Failure): void;
  onStopped(): void;
  onComplete(): void;
}
interface Current {
  unsubscribe(): void;
}

function subscribe(
  subject: Subject,
  cursor: { lastEventId: string; briefly?: boolean },
  callbacks: Callbacks,
): Current {
  switch (subject.kind) {
    case 'share':
      return api().shares.follow.subscribe({ shareId: subject.shareId, ...cursor }, callbacks);
    case 'request':
      return api().requests.follow.subscribe({ requestId: subject.requestId, ...cursor }, callbacks);
    case 'upload':
      return api().uploads.follow.subscribe({ uploadId: subject.uploadId, ...cursor }, callbacks);
    case 'facility':
      return api().facilities.follow.subscribe({ facility: subject.facility, ...cursor }, callbacks);
  }
}

interface Question {
  lastEventId: string;
  atOnce: boolean;
}

/** Asks once, and tells the answer as a stream that ends. */
function ask(subject: Subject, question: Question, callbacks: Callbacks): Current {
  const leaving = new AbortController();
  const signal = AbortSignal.any([leaving.signal, AbortSignal.timeout(UNANSWERED_MS)]);
  questionAbout(subject, question, { signal, context: alone }).then(
    (events) => {
      callbacks.onStarted();
      for (const event of events) callbacks.onData(event);
      callbacks.onComplete();
    },
    (error: Failure) => callbacks.onError(error),
  );
  return { unsubscribe: () => leaving.abort() };
}

function questionAbout(
  subject: Subject,
  question: Question,
  options: { signal: AbortSignal; context: Record<string, unknown> },
): Promise<Happened[]> {
  switch (subject.kind) {
    case 'share':
      return api().shares.since.query({ shareId: subject.shareId, ...question }, options);
    case 'request':
      return api().requests.since.query({ requestId: subject.requestId, ...question }, options);
    case 'upload':
      return api().uploads.since.query({ uploadId: subject.uploadId, ...question }, options);
    case 'facility':
      return api().facilities.since.query({ facility: subject.facility, ...question }, options);
  }
}
