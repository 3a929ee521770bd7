/** Milliseconds over which the pace is averaged: long enough to be calm, short enough to be true. */
const WINDOW_MS = 6_000;
/** Nobody believes a time left that is computed from less than this. */
const LEAST_MS = 1_500;

/** Bytes per second from how far a transfer was at which moment. Times in milliseconds of a monotonic clock. */
export class PaceMeter {
  #samples: { at: number; bytes: number }[] = [];

  /** The transfer has `bytes` behind it now. Falling back (a lost connection) starts the measuring anew. */
  note(at: number, bytes: number): void {
    const last = this.#samples.at(-1);
    if (last && bytes < last.bytes) this.#samples = [];
    this.#samples.push({ at, bytes });
    while ((this.#samples[1]?.at ?? at) < at - WINDOW_MS) this.#samples.shift();
  }

  /** Null while too little is known. */
  get bytesPerSecond(): number | null {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (!first || !last || last.at - first.at < LEAST_MS) return null;
    return ((last.bytes - first.bytes) * 1000) / (last.at - first.at);
  }

  reset(): void {
    this.#samples = [];
  }
}
