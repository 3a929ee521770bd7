import type { Opening, Order, Reply } from './picture-making.ts';

interface Waiting {
  order: Order;
  answer(reply: Reply | null): void;
}

/** A picture that takes longer is given up, with its worker: a hostile file may keep a codec busy for ever. */
const MOST_MS = 20_000;

/**
 * One picture at a time. What is to be shown goes first, and only the newest of it: whoever scrolls fast is shown where
 * they are, not where they were. Thumbnails are made when nobody waits.
 */
export class PictureLine {
  readonly #start: () => Worker;
  #worker: Worker;
  #opening: Opening = { kind: 'files', files: new Map() };
  #newest: Waiting | null = null;
  #idle: Waiting[] = [];
  #busy: (Waiting & { timer: ReturnType<typeof setTimeout> }) | null = null;

  /** @param start gives a fresh worker, its codecs handed over */
  constructor(start: () => Worker) {
    this.#start = start;
    this.#worker = this.#started();
  }

  open(files: ReadonlyMap<string, Blob>): void {
    for (const { answer } of this.#idle) answer(null);
    this.#idle = [];
    this.#opening = { kind: 'files', files };
    this.#worker.postMessage(this.#opening);
  }

  /** Null where a newer order overtook this one. */
  show(order: Order): Promise<Reply | null> {
    return new Promise((answer) => {
      this.#newest?.answer(null);
      this.#newest = { order, answer };
      this.#next();
    });
  }

  /** Null where another disc was opened before its turn came. */
  whenIdle(order: Order): Promise<Reply | null> {
    return new Promise((answer) => {
      this.#idle.push({ order, answer });
      this.#next();
    });
  }

  #next(): void {
    if (this.#busy) return;
    const waiting = this.#newest ?? this.#idle.shift();
    if (!waiting) return;
    if (waiting === this.#newest) this.#newest = null;
    const timer = setTimeout(
      () => this.#giveUp('Making this picture took too long and was given up.'),
      MOST_MS,
    );
    this.#busy = { ...waiting, timer };
    this.#worker.postMessage(waiting.order);
  }

  #finish(reply: Reply): void {
    if (!this.#busy) return;
    clearTimeout(this.#busy.timer);
    const { answer } = this.#busy;
    this.#busy = null;
    answer(reply);
    this.#next();
  }

  #giveUp(refused: string): void {
    this.#worker.terminate();
    this.#worker = this.#started();
    this.#worker.postMessage(this.#opening);
    this.#finish({ refused });
  }

  #started(): Worker {
    const worker = this.#start();
    worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => {
      if (worker === this.#worker) this.#finish(data);
    });
    worker.addEventListener('error', () => {
      if (worker === this.#worker && this.#busy) this.#giveUp('Making this picture failed and was given up.');
    });
    return worker;
  }
}
