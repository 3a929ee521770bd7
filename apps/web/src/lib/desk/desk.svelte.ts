import type { RecordedEvent } from '@filmpost/exchange/events/schema.ts';
import type { UploadProgress } from '@filmpost/exchange/intake/schema.ts';
import { createContext } from 'svelte';
import { api } from '#lib/live/api.ts';
import { follow } from '#lib/live/follow.ts';
import { Pace } from '#lib/live/pace.svelte.ts';
import { afterEvent, type DeskLists } from './after-event.ts';
import { seldom } from './seldom.ts';

const ASK_AGAIN_MS = 400;
const CLOCK_MS = 5_000;

interface DeskStart extends Omit<DeskLists, 'exams'> {
  facility: string;
  /** From before the lists were read: an event told meanwhile is then heard twice, never missed. */
  cursor: string;
}

/** Everything a clerk follows at a facility. One for all pages of the desk, so that going from one to another is free. */
export class Desk {
  readonly facility: string;
  lists: DeskLists = $state.raw({ requests: [], uploads: [], shares: [], exams: {} });
  /** Moves on every few seconds: what is silent for long looks different then. */
  now = $state(new Date());
  pace = $state.raw<Pace>();
  readonly #cursor: string;
  readonly #listeners = new Set<(event: RecordedEvent) => void>();

  constructor({ facility, cursor, ...lists }: DeskStart) {
    this.facility = facility;
    this.#cursor = cursor;
    this.lists = { ...lists, exams: {} };
  }

  get requests() {
    return this.lists.requests;
  }
  get uploads() {
    return this.lists.uploads;
  }
  get shares() {
    return this.lists.shares;
  }

  request(requestId: string | null) {
    return this.requests.find((request) => request.requestId === requestId);
  }
  uploadsOf(requestId: string) {
    return this.uploads.filter((upload) => upload.requestId === requestId);
  }
  sharesOf(requestId: string) {
    return this.shares.filter((share) => share.requestId === requestId);
  }

  /** How fast an upload comes just now; its last tick outlives its last byte by some seconds. */
  paceOf({ uploadId, state }: Pick<UploadProgress, 'uploadId' | 'state'>) {
    return state === 'open' ? (this.pace?.of(uploadId) ?? null) : null;
  }

  /** Tells a component what happens, beyond the lists; call in an effect and return what comes back. */
  listen(listener: (event: RecordedEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Begins to listen; in the browser only. `onRefused` when the right to be here has gone. */
  open(onRefused: () => void): () => void {
    const facility = this.facility;
    const asking = {
      requests: seldom(() => this.#renew('requests'), ASK_AGAIN_MS),
      shares: seldom(() => this.#renew('shares'), ASK_AGAIN_MS),
    };
    const unfollow = follow(
      { kind: 'facility', facility },
      {
        cursor: this.#cursor,
        onEvent: (event) => {
          const { lists, ask } = afterEvent(this.lists, event);
          this.lists = lists;
          for (const list of ask) asking[list].ask();
          for (const listener of this.#listeners) listener(event);
        },
        onRefused,
      },
    );
    const clock = setInterval(() => (this.now = new Date()), CLOCK_MS);
    const pace = new Pace(`facility:${facility}`);
    this.pace = pace;
    return () => {
      unfollow();
      pace.close();
      clearInterval(clock);
      for (const { stop } of Object.values(asking)) stop();
    };
  }

  /** Asks for a list anew; what stood there stays when the answer does not come, and the next event asks again. */
  async #renew(list: 'requests' | 'shares'): Promise<void> {
    const { facility } = this;
    try {
      const answer =
        list === 'requests'
          ? { requests: await api().requests.list.query({ facility }) }
          : { shares: await api().shares.list.query({ facility }) };
      this.lists = { ...this.lists, ...answer };
    } catch {
      // The connection bar tells that nothing is heard just now.
    }
  }
}

export const [useDesk, provideDesk] = createContext<Desk>();
