import type { RecordedEvent } from '@filmpost/exchange/events/schema.ts';
import type { PackageProgress, PackageWish } from '@filmpost/exchange/packages/schema.ts';
import { TRPCClientError } from '@trpc/client';
import { api } from '../live/api.ts';

/** Tells of events until what it returns is called. */
export type Listen = (onEvent: (event: RecordedEvent) => void) => () => void;

/** From what exams are taken. */
export type From = { shareId: string } | { facility: string };

/** So long a choice must stand before anything is prepared for it: people tick several boxes in a row. */
const SETTLED_MS = 300;
/** Events move the bar; this is for when they do not come. */
const ASK_AGAIN_MS = 2_000;

/** A package that is prepared while somebody chooses, so that most downloads begin at the press of the button. */
export class PackageAsking {
  /** Of the choice that stands; null before anything is known of it. */
  progress: PackageProgress | null = $state.raw(null);
  /** A sentence why there is no package for this choice. */
  problem: string | null = $state(null);
  readonly #from: From;
  readonly #listen: Listen;
  /** Counts choices: an answer to an earlier one is thrown away. */
  #choice = 0;
  #settling: ReturnType<typeof setTimeout> | undefined;
  #unfollow: (() => void) | undefined;

  /** @param listen to events of the share or the facility; begun only while something is being prepared */
  constructor(from: From, listen: Listen) {
    this.#from = from;
    this.#listen = listen;
  }

  /** Prepares what is chosen now; null when that is nothing. */
  choose(wish: PackageWish | null): void {
    this.stop();
    this.progress = null;
    this.problem = null;
    if (wish) this.#settling = setTimeout(() => void this.#ask(wish), SETTLED_MS);
  }

  stop(): void {
    this.#choice++;
    clearTimeout(this.#settling);
    this.#unfollow?.();
    this.#unfollow = undefined;
  }

  async #ask(wish: PackageWish): Promise<void> {
    const choice = this.#choice;
    try {
      const progress = await api().packages.ask.mutate({ from: this.#from, wish });
      if (choice !== this.#choice) return;
      this.progress = progress;
      if (progress.state === 'planning') this.#follow(progress.packageId);
    } catch (error) {
      if (choice === this.#choice) this.problem = sentenceOf(error);
    }
  }

  #follow(packageId: string): void {
    const again = setInterval(() => void this.#look(packageId), ASK_AGAIN_MS);
    const unfollow = this.#listen((event) => {
      if (event.kind === 'package.changed' && event.payload.package.packageId === packageId)
        this.#heard(event.payload.package);
    });
    this.#unfollow = () => {
      clearInterval(again);
      unfollow();
    };
  }

  async #look(packageId: string): Promise<void> {
    const choice = this.#choice;
    // A lost connection mends itself, and the next look comes soon.
    const found = await api()
      .packages.find.query({ from: this.#from, packageId })
      .catch(() => null);
    if (found && choice === this.#choice) this.#heard(found);
  }

  #heard(progress: PackageProgress): void {
    // Events and answers overtake each other; a plan only ever grows.
    const known = this.progress;
    if (known && (known.state !== 'planning' || progress.planned < known.planned)) return;
    this.progress = progress;
    if (progress.state === 'failed') this.problem = FAILED;
    if (progress.state !== 'planning') this.stop();
  }
}

const FAILED = 'This download could not be prepared. Please try again, or choose fewer exams.';

function sentenceOf(error: unknown): string {
  return error instanceof TRPCClientError ? error.message : FAILED;
}
