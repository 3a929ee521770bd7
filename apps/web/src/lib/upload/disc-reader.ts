import type { PickedFile } from '#lib/ui/dropped-files.ts';
import type { PackParts, SealedPack } from './content-key.ts';
import type { FoundFile } from './understand-file.ts';
import type { Answer, Numbered, Question } from './worker-messages.ts';

/** Files per message: small enough that numbers move at once, large enough that messages cost nothing. */
const BATCH = 100;

/** The browser could not start or lost the worker that reads discs. */
export class DiscReaderBroken extends Error {
  constructor() {
    super('This browser could not read the files. Reload the page and try once more.');
    this.name = 'DiscReaderBroken';
  }
}

/** Some files of a pack cannot be read from the disc any more; `places` are theirs within the pack. */
export class UnreadableFiles extends Error {
  readonly places: readonly number[];

  constructor(places: readonly number[]) {
    super('Some files cannot be read from the disc.');
    this.name = 'UnreadableFiles';
    this.places = places;
  }
}

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/** The page's side of the worker that reads discs. */
export class DiscReader {
  readonly #worker = new Worker(new URL('./understand.worker.ts', import.meta.url), { type: 'module' });
  readonly #waiting = new Map<number, Waiting>();
  #count = 0;

  constructor() {
    this.#worker.onmessage = ({ data }: MessageEvent<Numbered<Answer>>) => {
      this.#waiting.get(data.number)?.resolve(data.content);
      this.#waiting.delete(data.number);
    };
    this.#worker.onerror = () => this.#rejectAll();
  }

  /** What each of the files is, in batches as they are understood. */
  async *understand(files: readonly PickedFile[]): AsyncGenerator<FoundFile[]> {
    for (let start = 0; start < files.length; start += BATCH) {
      const batch = files.slice(start, start + BATCH).map(({ file }, i) => ({ at: start + i, file }));
      const answer = await this.#ask({ kind: 'understand', files: batch });
      if (answer.kind === 'understood') yield answer.found;
    }
  }

  /** @throws UnreadableFiles @throws DiscReaderBroken */
  async seal(parts: PackParts): Promise<SealedPack> {
    const answer = await this.#ask({ kind: 'seal', parts });
    if (answer.kind === 'sealed') return answer.pack;
    throw new UnreadableFiles(answer.kind === 'unreadable' ? answer.places : []);
  }

  close(): void {
    this.#worker.terminate();
    this.#rejectAll();
  }

  #ask(content: Question): Promise<Answer> {
    const number = this.#count++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      this.#worker.postMessage({ number, content } satisfies Numbered<Question>);
    });
  }

  #rejectAll(): void {
    for (const { reject } of this.#waiting.values()) reject(new DiscReaderBroken());
    this.#waiting.clear();
  }
}
