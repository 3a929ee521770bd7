interface Remembered<T> {
  answer: Promise<T>;
  asked: number;
}

/**
 * Remembers answers for a moment, so that a viewer's hundred requests a second are one question. Whoever asks while
 * the answer is on its way waits for the same one; failures are forgotten at once.
 */
export class Moment<T> {
  readonly #ms: number;
  readonly #most: number;
  readonly #remembered = new Map<string, Remembered<T>>();
  #emptying: NodeJS.Timeout | undefined;

  constructor({ ms, most }: { ms: number; most: number }) {
    this.#ms = ms;
    this.#most = most;
  }

  /** @param now milliseconds of a clock; one that is set back makes everything be asked anew */
  recall(key: string, ask: () => Promise<T>, now = performance.now()): Promise<T> {
    const known = this.#remembered.get(key);
    if (known && this.#isFresh(known, now)) return known.answer;
    // Counted from the question: what changes while it is being answered shows no later than any other change.
    const fresh = { answer: ask(), asked: now };
    this.#remembered.delete(key);
    this.#forget(now);
    this.#remembered.set(key, fresh);
    this.#emptyLater();
    fresh.answer.catch(() => {
      if (this.#remembered.get(key) === fresh) this.#remembered.delete(key);
    });
    return fresh.answer;
  }

  /** What nobody asks for any more would lie in memory for ever; losing what is fresh costs a question. */
  #emptyLater(): void {
    if (this.#emptying) return;
    this.#emptying = setTimeout(() => {
      this.#emptying = undefined;
      this.#remembered.clear();
    }, this.#ms).unref();
  }

  #isFresh({ asked }: Remembered<T>, now: number): boolean {
    return asked <= now && now < asked + this.#ms;
  }

  /** The oldest stand first, and all live equally long. */
  #forget(now: number): void {
    for (const [key, known] of this.#remembered) {
      if (this.#isFresh(known, now) && this.#remembered.size < this.#most) return;
      this.#remembered.delete(key);
    }
  }
}
