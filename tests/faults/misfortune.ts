import { randomInt } from 'node:crypto';

/** Does something terrible each time so many more bytes have left, one thing after the other. */
export class Misfortune {
  readonly #strokes: { at: number; strike: () => Promise<void> }[];
  #sent = 0;
  #struck: Promise<void> = Promise.resolve();
  happened = 0;

  /** Strokes spread at random over `bytes`, so that each run hits other moments. */
  constructor(bytes: number, strokes: readonly (() => Promise<void>)[]) {
    this.#strokes = strokes
      .map((strike) => ({ at: randomInt(Math.floor(bytes * 0.02), Math.floor(bytes * 0.95)), strike }))
      .sort((a, b) => a.at - b.at);
  }

  readonly onBytes = (bytes: number): void => {
    this.#sent += bytes;
    while ((this.#strokes[0]?.at ?? Infinity) <= this.#sent) {
      const stroke = this.#strokes.shift();
      this.happened++;
      this.#struck = this.#struck.then(() => stroke?.strike());
    }
  };

  /** Settles when nothing that has struck is still lying about. */
  over(): Promise<void> {
    return this.#struck;
  }
}
