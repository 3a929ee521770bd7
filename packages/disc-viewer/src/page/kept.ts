/** The things used last, as many as weigh no more than `most` together; always the newest. */
export class Kept<Thing> {
  readonly #most: number;
  readonly #things = new Map<string, { thing: Thing; weight: number }>();
  #weight = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get(key: string): Thing | undefined {
    const found = this.#things.get(key);
    if (!found) return undefined;
    this.#things.delete(key);
    this.#things.set(key, found);
    return found.thing;
  }

  put(key: string, thing: Thing, weight: number): void {
    this.#drop(key);
    this.#things.set(key, { thing, weight });
    this.#weight += weight;
    for (const oldest of this.#things.keys()) {
      if (this.#weight <= this.#most || oldest === key) break;
      this.#drop(oldest);
    }
  }

  clear(): void {
    this.#things.clear();
    this.#weight = 0;
  }

  #drop(key: string): void {
    this.#weight -= this.#things.get(key)?.weight ?? 0;
    this.#things.delete(key);
  }
}
