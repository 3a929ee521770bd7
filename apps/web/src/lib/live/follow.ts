import type { RecordedEvent } from '@filmpost/exchange/events/schema.ts';
import { api } from './api.ts';
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

  const again = () => {
    if (stopped) return;
    clearTimeout(timer);
    timer = setTimeout(start, pause);
    pause = Math.min(pause * 2, LATEST_AGAIN_MS);
  };
  const start = () => {
    if (stopped) return;
    current = subscribe(subject, last, {
      onStarted: () => connection.heard(),
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
      onComplete: again,
    });
  };
  start();
  return () => {
    stopped = true;
    clearTimeout(timer);
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

function subscribe(subject: Subject, lastEventId: string, callbacks: Callbacks): { unsubscribe(): void } {
  switch (subject.kind) {
    case 'share':
      return api().shares.follow.subscribe({ shareId: subject.shareId, lastEventId }, callbacks);
    case 'request':
      return api().requests.follow.subscribe({ requestId: subject.requestId, lastEventId }, callbacks);
    case 'upload':
      return api().uploads.follow.subscribe({ uploadId: subject.uploadId, lastEventId }, callbacks);
    case 'facility':
      return api().facilities.follow.subscribe({ facility: subject.facility, lastEventId }, callbacks);
  }
}
