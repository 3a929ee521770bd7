export type Note = (line: string) => void;

/** Prints what a start is doing: a line when a step is done, and one before that when it takes a while. */
export class Steps {
  readonly #print: (line: string) => void;

  constructor(print: (line: string) => void = console.log) {
    this.#print = print;
  }

  /**
   * @param names what it is doing and what is then done, such as `['Building the pages', 'Pages built']`
   * @param work may `note` lines of detail
   */
  async run<T>([doing, done]: [string, string], work: (note: Note) => Promise<T>): Promise<T> {
    const begun = performance.now();
    let announced = false;
    const announce = () => {
      if (!announced) this.#print(`  …  ${doing}`);
      announced = true;
    };
    const slow = setTimeout(announce, 1_500);
    try {
      const result = await work((line) => {
        announce();
        this.#print(`     ${line}`);
      });
      this.#print(`  ✓  ${done.padEnd(44)} ${seconds(begun)}`);
      return result;
    } finally {
      clearTimeout(slow);
    }
  }
}

const seconds = (since: number) => `${((performance.now() - since) / 1000).toFixed(1)} s`;
