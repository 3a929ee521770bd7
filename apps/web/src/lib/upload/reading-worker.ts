import type { AnswerTo, Answers, Numbered, Question } from './worker-messages.ts';

/** The browser could not start or lost a worker that reads discs. */
export class DiscReaderBroken extends Error {
  constructor() {
    super('This browser could not read the files. Reload the page and try once more.');
    this.name = 'DiscReaderBroken';
  }
}

interface Waiting {
  resolve(answer: Answers[Question['kind']]): void;
  reject(error: Error): void;
}

/** The page's side of one worker that reads discs. */
export class ReadingWorker {
  readonly #worker = new Worker(new URL('./understand.worker.ts', import.meta.url), { type: 'module' });
  readonly #waiting = new Map<number, Waiting>();
  #count = 0;

  constructor() {
    this.#worker.onmessage = ({ data }: MessageEvent<Numbered<Answers[Question['kind']]>>) => {
      this.#waiting.get(data.number)?.resolve(data.content);
      this.#waiting.delete(data.number);
    };
    this.#worker.onerror = () => this.#rejectAll();
  }

  /** Questions that are not answered yet. */
  get busy(): number {
    return this.#waiting.size;
  }

  /** @throws DiscReaderBroken */
  ask<Asked extends Question>(content: Asked): Promise<AnswerTo<Asked>>;
  ask(content: Question): Promise<Answers[Question['kind']]> {
    const number = this.#count++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      this.#worker.postMessage({ number, content } satisfies Numbered<Question>);
    });
  }

  close(): void {
    this.#worker.terminate();
    this.#rejectAll();
  }

  #rejectAll(): void {
    for (const { reject } of this.#waiting.values()) reject(new DiscReaderBroken());
    this.#waiting.clear();
  }
}
