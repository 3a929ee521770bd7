import { setTimeout as sleep } from 'node:timers/promises';
import type { Running } from './program.ts';

export interface Supervised {
  name: string;
  start(): Running | Promise<Running>;
  /** Told in one sentence when it ended unexpectedly. */
  report(sentence: string): void;
  /** Milliseconds before the first restart; doubles up to `longestPause` while it keeps ending. */
  firstPause?: number;
  longestPause?: number;
}

/** A program that has ended after running at least this long gets its first pause again, in milliseconds. */
const STEADY = 60_000;

/** Keeps one program running: what ends without being asked to is started again, after growing pauses. */
export class Supervisor {
  readonly #program: Supervised;
  readonly #leaving = new AbortController();
  #running: Running | undefined;
  #beginning: Promise<void> | undefined;
  #life: Promise<void> | undefined;
  #pause = 0;

  constructor(program: Supervised) {
    this.#program = program;
  }

  get pid(): number | undefined {
    return this.#running?.pid;
  }

  /** Starts it for the first time; a program that cannot start at all is the caller's to judge. */
  start(): Promise<void> {
    this.#beginning = this.#begin();
    return this.#beginning;
  }

  async #begin(): Promise<void> {
    this.#running = await this.#program.start();
    this.#life = this.#keep(this.#running);
  }

  /** Ends it for good; settles when it is gone. */
  async stop(): Promise<void> {
    this.#leaving.abort();
    await this.#beginning?.catch(() => undefined);
    await this.#running?.stop();
    await this.#life;
  }

  /** Ends it so that it starts again at once, for changed sources. */
  async restart(): Promise<void> {
    const old = this.#running;
    this.#running = undefined;
    await old?.stop();
  }

  async #keep(first: Running): Promise<void> {
    for (let running: Running | undefined = first; running; running = await this.#again()) {
      const started = Date.now();
      const reason = await running.exited;
      if (this.#leaving.signal.aborted) return;
      if (this.#running === undefined) continue;
      this.#running = undefined;
      await this.#rest(reason, Date.now() - started);
    }
  }

  async #rest(reason: string, lasted: number): Promise<void> {
    const { name, report, firstPause = 250, longestPause = 15_000 } = this.#program;
    this.#pause = lasted > STEADY || !this.#pause ? firstPause : Math.min(this.#pause * 2, longestPause);
    report(`The ${name} ended (${reason}); starting it again in ${this.#pause / 1000} s.`);
    await sleep(this.#pause, undefined, { signal: this.#leaving.signal }).catch(() => undefined);
  }

  async #again(): Promise<Running | undefined> {
    while (!this.#leaving.signal.aborted) {
      try {
        this.#running = await this.#program.start();
        if (this.#leaving.signal.aborted) await this.#running.stop();
        return this.#running;
      } catch (error) {
        await this.#rest(error instanceof Error ? error.message : String(error), 0);
      }
    }
    return undefined;
  }
}
