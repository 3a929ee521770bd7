/** Prints what a start is doing: a line when a step is done, and one before that when it takes a while. */
export class Steps {
  readonly #print: (line: string) => void;
  readonly #begun = performance.now();

  constructor(print: (line: string) => void = console.log) {
    this.#print = print;
  }

  /** @param names what it is doing and what is then done, such as `['Building the pages', 'Pages built']` */
  async run<T>([doing, done]: [string, string], work: () => Promise<T>): Promise<T> {
    const begun = performance.now();
    const slow = setTimeout(() => this.#print(`  …  ${doing}`), 1_500);
    try {
      const result = await work();
      this.#print(`  ✓  ${done.padEnd(44)} ${seconds(begun)}`);
      return result;
    } finally {
      clearTimeout(slow);
    }
  }

  /** One line of detail under the step that is going on. */
  note(line: string): void {
    this.#print(`     ${line}`);
  }

  elapsed(): string {
    return seconds(this.#begun);
  }
}

const seconds = (since: number) => `${((performance.now() - since) / 1000).toFixed(1)} s`;
