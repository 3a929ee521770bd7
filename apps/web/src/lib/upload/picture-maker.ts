import type { DiscFile } from './disc/disc-file.ts';
import { ReadingWorker } from './reading-worker.ts';

/** Longer than the largest honest picture takes. A hostile one may keep its codec busy for ever. */
const LONGEST_MS = 10_000;

/** Makes small pictures in a worker of its own: one that gets stuck is replaced, and holds nothing else up. */
export class PictureMaker {
  #worker: ReadingWorker | null = null;

  /** Null when the image cannot be shown. Never rejects. */
  async picture({ bytes }: DiscFile): Promise<Blob | null> {
    const worker = (this.#worker ??= new ReadingWorker());
    const alarm = setTimeout(() => this.close(), LONGEST_MS);
    try {
      return await worker.ask({ kind: 'picture', bytes });
    } catch {
      this.close();
      return null;
    } finally {
      clearTimeout(alarm);
    }
  }

  close(): void {
    this.#worker?.close();
    this.#worker = null;
  }
}
