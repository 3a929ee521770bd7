/** Lets a few act at the same time; whoever comes later waits in line. */
export class Turns {
  #atOnce: number;
  #acting = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  /** How many from now on; who acts already may end. */
  allow(atOnce: number): void {
    this.#atOnce = atOnce;
    this.#call();
  }

  async take<Result>(act: () => Promise<Result>): Promise<Result> {
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      this.#call();
    });
    try {
      return await act();
    } finally {
      this.#acting--;
      this.#call();
    }
  }

  #call(): void {
    while (this.#acting < this.#atOnce) {
      const next = this.#waiting.shift();
      if (!next) return;
      this.#acting++;
      next();
    }
  }
}
