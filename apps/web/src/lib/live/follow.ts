import type { RecordedEvent } from '@filmpost/exchange/events/schema.ts';
import { api, whenSocketsFail, withoutSockets } from './api.ts';
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
const HELD_UP_MS = 6_000;
const BRIEF_PAUSE_MS = 300;

/** Once a stream was held up on this page, all are asked to end soon: what comes late is better than what never does. */
let briefly = false;

/**
 * Follows a subject until stopped. Whatever happens to the connection or the server, each event arrives once and in
 * order: after every break it goes on behind the last one seen.
 */
export function follow(subject: Subject, { cursor, onEvent, onRefused }: Following): () => void {
  let last = cursor;
  let stopped = false;
  let pause = AGAIN_MS;
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
    current?.unsubscribe();
    start();
  };
  const askBriefly = () => {
    briefly = true;
    startOver();
  };
  const start = () => {
    if (stopped) return;
    const overHttp = withoutSockets();
    clearTimeout(heldUp);
    if (overHttp && !briefly) heldUp = setTimeout(askBriefly, HELD_UP_MS);
    current = subscribe(
      subject,
      { lastEventId: last, ...(overHttp && briefly && { briefly }) },
      {
        onStarted: () => {
          clearTimeout(heldUp);
          connection.heard();
        },
        onData: (item) => {
          pause = AGAIN_MS;
          last = item.id;
          connection.heard();
          onEvent(item.data);
        },
        onError: (error) => {
          if (error.data?.code === 'NOT_FOUND') {
            stopped = true;
            onRefused();
          } else {
            connection.lost();
            again();
          }
        },
        onStopped: again,
        onComplete: () => {
          if (briefly) pause = BRIEF_PAUSE_MS;
          again();
        },
      },
    );
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

interface Callbacks {
  onStarted(): void;
  onData(item: { id: string; data: RecordedEvent }): void;
  onError(error: { data?: { code?: string } | null | undefined }): void;
  onStopped(): void;
  onComplete(): void;
}

interface Cursor {
  lastEventId: string;
  briefly?: boolean;
}

function subscribe(subject: Subject, cursor: Cursor, callbacks: Callbacks): { unsubscribe(): void } {
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
