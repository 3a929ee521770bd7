import type { RecordedEvent } from '@filmpost/exchange/events/schema.ts';

export interface Following {
  /** The event after which to begin; from the answer that drew the screen. */
  cursor: string;
  onEvent(event: RecordedEvent): void;
  /** The right to follow is gone: the share ended, the session expired, or it never was. */
  onRefused(): void;
}

export interface Happened {
  id: string;
  data: RecordedEvent;
}

export interface Failure {
  data?: { code?: string } | null | undefined;
}

/** What comes of one subscription, or of one question told as a stream that ends. */
export interface Hearing {
  onStarted(): void;
  onData(item: Happened): void;
  onError(error: Failure): void;
  onStopped(): void;
  onComplete(): void;
}

export interface Running {
  unsubscribe(): void;
}

/** Where a subscription begins, and whether it is to end soon. */
export interface Cursor {
  lastEventId: string;
  briefly?: boolean;
}

export interface Question {
  lastEventId: string;
  /** An answer is wanted now, though nothing may have happened. */
  atOnce: boolean;
}

/** One subject, asked about from behind an event. */
export interface Asking {
  subscribe(cursor: Cursor, hearing: Hearing): Running;
  ask(question: Question, hearing: Hearing): Running;
}

/** What a page knows of its connection. */
export interface Line {
  /** Whether sockets were given up on this page. */
  withoutSockets(): boolean;
  /** Calls back once, when they are; returns how to stop waiting for it. */
  whenSocketsFail(callback: () => void): () => void;
  readonly connected: boolean;
  heard(): void;
  lost(): void;
}

const AGAIN_MS = 1_000;
const LATEST_AGAIN_MS = 15_000;
/** A stream that says nothing by then is held up by a proxy until it ends. */
const HELD_UP_MS = { streams: 6_000, 'brief streams': 20_000 };
/** Streams refused one after the other, where none ever came, until they are taken to be forbidden. */
const MOST_REFUSED = 2;
const BRIEF_PAUSE_MS = 300;

/**
 * How a page learns what happens where sockets do not open; one for all its followers. Once a stream was held up, all
 * are asked to end soon: what comes late is better than what never does. Where none is let through it asks again and
 * again.
 */
export class Ways {
  way: 'streams' | 'brief streams' | 'questions' = 'streams';
  refused = 0;
  streamsCome = false;

  /** Another follower may have learned it before. */
  fallBack(from: 'streams' | 'brief streams'): void {
    if (this.way === from) this.way = from === 'streams' ? 'brief streams' : 'questions';
  }

  streamRefused(): void {
    if (!this.streamsCome && ++this.refused >= MOST_REFUSED) this.way = 'questions';
  }
}

/**
 * Follows one subject until stopped. Whatever happens to the connection or the server, each event arrives once and in
 * order: after every break it goes on behind the last one seen.
 */
export class Follower {
  readonly #asking: Asking;
  readonly #line: Line;
  readonly #ways: Ways;
  readonly #following: Following;
  readonly #stopWaiting: () => void;
  #last: string;
  #stopped = false;
  #pause = AGAIN_MS;
  #turn = 0;
  #current: Running | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;
  #heldUp: ReturnType<typeof setTimeout> | undefined;

  constructor(asking: Asking, line: Line, ways: Ways, following: Following) {
    this.#asking = asking;
    this.#line = line;
    this.#ways = ways;
    this.#following = following;
    this.#last = following.cursor;
    this.#stopWaiting = line.whenSocketsFail(() => this.#startOver());
    this.#start();
  }

  stop(): void {
    this.#stopped = true;
    this.#stopWaiting();
    clearTimeout(this.#again);
    clearTimeout(this.#heldUp);
    this.#current?.unsubscribe();
  }

  #startLater(): void {
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.#start(), this.#pause);
    this.#pause = Math.min(this.#pause * 2, LATEST_AGAIN_MS);
  }

  #startOver(): void {
    this.#turn += 1;
    this.#current?.unsubscribe();
    this.#start();
  }

  #start(): void {
    if (this.#stopped) return;
    clearTimeout(this.#again);
    clearTimeout(this.#heldUp);
    const way = this.#line.withoutSockets() ? this.#ways.way : 'sockets';
    const hearing = this.#heeded(this.#hearing(way), ++this.#turn);
    if (way === 'streams' || way === 'brief streams')
      this.#heldUp = setTimeout(() => {
        this.#ways.fallBack(way);
        this.#startOver();
      }, HELD_UP_MS[way]);
    const lastEventId = this.#last;
    this.#current =
      way === 'questions'
        ? this.#asking.ask({ lastEventId, atOnce: !this.#line.connected }, hearing)
        : this.#asking.subscribe({ lastEventId, ...(way === 'brief streams' && { briefly: true }) }, hearing);
  }

  #hearing(way: Ways['way'] | 'sockets'): Hearing {
    const streamed = way === 'streams' || way === 'brief streams';
    return {
      onStarted: () => {
        clearTimeout(this.#heldUp);
        if (streamed) this.#ways.streamsCome = true;
        this.#ways.refused = 0;
        this.#line.heard();
      },
      onData: ({ id, data }) => {
        this.#pause = AGAIN_MS;
        this.#last = id;
        this.#line.heard();
        this.#following.onEvent(data);
      },
      onError: ({ data }) => {
        clearTimeout(this.#heldUp);
        if (data?.code === 'NOT_FOUND') {
          this.#stopped = true;
          this.#following.onRefused();
          return;
        }
        this.#line.lost();
        if (way !== 'sockets') this.#ways.streamRefused();
        this.#startLater();
      },
      onStopped: () => this.#startLater(),
      onComplete: () => {
        clearTimeout(this.#heldUp);
        if (way === 'brief streams' || way === 'questions') this.#pause = BRIEF_PAUSE_MS;
        this.#startLater();
      },
    };
  }

  /** One that was left still says that it has ended, and more. */
  #heeded(hearing: Hearing, mine: number): Hearing {
    const heeded =
      <Said extends unknown[]>(say: (...said: Said) => void) =>
      (...said: Said) => {
        if (!this.#stopped && mine === this.#turn) say(...said);
      };
    return {
      onStarted: heeded(hearing.onStarted),
      onData: heeded(hearing.onData),
      onError: heeded(hearing.onError),
      onStopped: heeded(hearing.onStopped),
      onComplete: heeded(hearing.onComplete),
    };
  }
}
