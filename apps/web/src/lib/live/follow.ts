import { alone, api, whenSocketsFail, withoutSockets } from './api.ts';
import { connection } from './connection.svelte.ts';
import {
  type Asking,
  type Cursor,
  type Failure,
  type Following,
  Follower,
  type Happened,
  type Hearing,
  type Line,
  type Question,
  type Running,
  Ways,
} from './follower.ts';

/** What a screen follows; each has its own right, checked by the gate. */
export type Subject =
  | { kind: 'share'; shareId: string }
  | { kind: 'request'; requestId: string }
  | { kind: 'upload'; uploadId: string }
  | { kind: 'facility'; facility: string };

/** A question waits ten seconds for its answer. */
const UNANSWERED_MS = 30_000;

const ways = new Ways();
const line: Line = {
  withoutSockets,
  whenSocketsFail,
  get connected() {
    return connection.connected;
  },
  heard: () => connection.heard(),
  lost: () => connection.lost(),
};

/** Follows a subject until stopped; each event arrives once and in order, whatever happens to the connection. */
export function follow(subject: Subject, following: Following): () => void {
  const asking: Asking = {
    subscribe: (cursor, hearing) => subscribe(subject, cursor, hearing),
    ask: (question, hearing) => ask(subject, question, hearing),
  };
  const follower = new Follower(asking, line, ways, following);
  return () => follower.stop();
}

function subscribe(subject: Subject, cursor: Cursor, hearing: Hearing): Running {
  switch (subject.kind) {
    case 'share':
      return api().shares.follow.subscribe({ shareId: subject.shareId, ...cursor }, hearing);
    case 'request':
      return api().requests.follow.subscribe({ requestId: subject.requestId, ...cursor }, hearing);
    case 'upload':
      return api().uploads.follow.subscribe({ uploadId: subject.uploadId, ...cursor }, hearing);
    case 'facility':
      return api().facilities.follow.subscribe({ facility: subject.facility, ...cursor }, hearing);
  }
}

/** Asks once, and tells the answer as a stream that ends. */
function ask(subject: Subject, question: Question, hearing: Hearing): Running {
  const leaving = new AbortController();
  const signal = AbortSignal.any([leaving.signal, AbortSignal.timeout(UNANSWERED_MS)]);
  questionAbout(subject, question, { signal, context: alone }).then(
    (events) => {
      hearing.onStarted();
      for (const event of events) hearing.onData(event);
      hearing.onComplete();
    },
    (error: Failure) => hearing.onError(error),
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
