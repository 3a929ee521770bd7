import { SvelteMap } from 'svelte/reactivity';
import { api } from '#lib/live/api.ts';
import { type Route, NotLetIn, deliver } from './delivery.ts';
import { type SharedImage, ShareUnreadable, imagesOf } from './shared-images.ts';
import type { Outcome } from './store-answer.ts';

/** Why a delivery stopped before its end. */
export type Trouble = 'not-let-in' | 'share-unreadable' | 'cancelled';

/** One delivery of exams to a PACS, and the result of each image. */
export class Delivery {
  images: SharedImage[] = $state.raw([]);
  /** By SOP Instance UID; an image that is not here has not been answered yet. */
  readonly outcomes = new SvelteMap<string, Outcome>();
  running = $state(false);
  trouble: Trouble | null = $state(null);
  readonly #shareId: string;
  readonly #route: Route;
  #abort = new AbortController();

  constructor(shareId: string, route: Omit<Route, 'from'>) {
    this.#shareId = shareId;
    this.#route = { ...route, from: `/dicomweb/s/${encodeURIComponent(shareId)}` };
  }

  get failed(): { image: SharedImage; sentence: string }[] {
    return this.images.flatMap((image) => {
      const outcome = this.outcomes.get(image.sopInstanceUid);
      return outcome?.kind === 'failed' ? [{ image, sentence: outcome.sentence }] : [];
    });
  }

  /** Why images failed, the commonest first, each with how many. */
  get reasons(): [sentence: string, count: number][] {
    const groups = Map.groupBy(this.failed, ({ sentence }) => sentence);
    return [...groups]
      .map(([sentence, images]): [string, number] => [sentence, images.length])
      .sort((a, b) => b[1] - a[1]);
  }

  get stored(): number {
    return [...this.outcomes.values()].filter(({ kind }) => kind !== 'failed').length;
  }

  get warned(): number {
    return [...this.outcomes.values()].filter(({ kind }) => kind === 'stored-with-warning').length;
  }

  /** Images that are not in the PACS as far as anybody knows. */
  get left(): number {
    return this.images.length - this.stored;
  }

  async begin(studyInstanceUids: readonly string[]): Promise<void> {
    await this.#run(async (signal) => {
      await api().shares.noteTaking.mutate({
        shareId: this.#shareId,
        kind: 'stow',
        studyInstanceUids: [...studyInstanceUids],
      });
      const found: SharedImage[] = [];
      for (const uid of studyInstanceUids) found.push(...(await imagesOf(this.#route.from, uid, signal)));
      this.images = found;
    });
  }

  /** Sends those again that failed or were never answered. */
  async retry(authorization: string | null): Promise<void> {
    this.#route.authorization = authorization;
    await this.#run(async () => undefined);
  }

  cancel(): void {
    this.#abort.abort();
  }

  async #run(prepare: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.trouble = null;
    this.running = true;
    try {
      await prepare(signal);
      const open = this.images.filter(({ sopInstanceUid }) => isOpen(this.outcomes.get(sopInstanceUid)));
      for (const { sopInstanceUid } of open) this.outcomes.delete(sopInstanceUid);
      const ontold = (image: SharedImage, outcome: Outcome) =>
        this.outcomes.set(image.sopInstanceUid, outcome);
      await deliver(open, this.#route, { signal, ontold });
    } catch (error) {
      this.trouble = signal.aborted ? 'cancelled' : troubleOf(error);
    } finally {
      this.running = false;
    }
  }
}

function isOpen(outcome: Outcome | undefined): boolean {
  return outcome === undefined || outcome.kind === 'failed';
}

function troubleOf(error: unknown): Trouble {
  if (error instanceof NotLetIn) return 'not-let-in';
  if (!(error instanceof ShareUnreadable)) console.error(error instanceof Error ? error.name : 'error');
  return 'share-unreadable';
}
