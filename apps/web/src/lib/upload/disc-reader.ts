import type { ContainerKind } from '@filmpost/media/reading/recognise.ts';
import type { PartOfPack } from './content-key.ts';
import { type DiscBytes, type DiscFile, inflatedAround } from './disc/disc-file.ts';
import type { BesideLists, ListFindings } from './disc/disc-lists.ts';
import type { Opened } from './disc/open-container.ts';
import { sizeOf } from './content-key.ts';
import type { Pack, PackedFile } from './packs.ts';
import { ReadingWorker } from './reading-worker.ts';
import { keyOf } from './sha256.ts';
import type { FoundFile } from './understand-file.ts';

/** Files per message: handing one over keeps the page waiting for the browser, mostly for a third of a millisecond. */
const BATCH = 8;
/** Reading is mostly waiting, so two are worth it anywhere; more than four make the head of a drive jump about. */
const WORKERS = { least: 2, most: 4 };

/** A body too large to be held: it is read piece by piece as it is sent. Sizes and places in bytes. */
export interface PiecewiseBody {
  size: number;
  /** @throws UnreadableFiles */
  slice(start: number, end: number): Promise<Blob>;
}

/** A pack ready to travel, and the key by which the server knows these very bytes again. */
export interface ReadyPack {
  key: string;
  body: Blob | PiecewiseBody;
}

/** Files that were read: the SHA-256 of each, hexadecimal, and a pack of some of them behind a head. */
export interface ReadFiles {
  digests: readonly string[];
  /** @param places those of the files that travel */
  packed(head: Uint8Array<ArrayBuffer>, places: readonly number[]): Promise<ReadyPack>;
}

/**
 * Some files of a pack cannot be read from the disc any more, or are not what their archive promised; the numbers are
 * their places within the pack.
 */
export class UnreadableFiles extends Error {
  readonly places: readonly number[];
  readonly damaged: readonly number[];

  constructor(places: readonly number[], damaged: readonly number[] = []) {
    super('Some files cannot be read from the disc.');
    this.name = 'UnreadableFiles';
    this.places = places;
    this.damaged = damaged;
  }
}

/** The workers that read discs. Every method may throw `DiscReaderBroken`. */
export class DiscReader {
  readonly #workers: ReadingWorker[];

  constructor() {
    const cores = globalThis.navigator?.hardwareConcurrency ?? 2;
    const count = Math.min(WORKERS.most, Math.max(WORKERS.least, cores - 1));
    this.#workers = Array.from({ length: count }, () => new ReadingWorker());
  }

  /** What each of the files is, in batches as they are understood. `places` are theirs in `files`. */
  async *understand(files: readonly DiscFile[], places: readonly number[]): AsyncGenerator<FoundFile[]> {
    const batches = batchesOf(files, places);
    const running = new Map<number, Promise<{ number: number; found: FoundFile[] }>>();
    let next = batches.next();
    for (let number = 0; !next.done || running.size > 0;) {
      for (; !next.done && running.size < this.#workers.length * 2; next = batches.next(), number++) {
        const question = { kind: 'understand', files: next.value } as const;
        const asked = this.#workerFor(next.value[0]?.bytes).ask(question);
        const mine = number;
        running.set(
          mine,
          asked.then((found) => ({ number: mine, found })),
        );
      }
      const first = await Promise.race(running.values());
      running.delete(first.number);
      yield first.found;
    }
  }

  open({ bytes, depth }: DiscFile, container: ContainerKind): Promise<Opened> {
    return this.#workerFor(bytes).ask({ kind: 'open', bytes, container, depth });
  }

  compare(question: BesideLists): Promise<ListFindings> {
    return this.#workerFor(question.lists[0]?.bytes).ask({ kind: 'compare', ...question });
  }

  /** @throws UnreadableFiles */
  async seal(pack: Pack): Promise<ReadFiles> {
    const files = pack.files.map(asPart);
    const worker = this.#workerFor(files[0]?.bytes);
    const sealed = await worker.ask({ kind: 'seal', files });
    if (sealed.kind === 'failed') throw new UnreadableFiles(sealed.unreadable, sealed.damaged);
    const { digests, body } = sealed;
    const packed: ReadFiles['packed'] = async (head, places) => {
      // The head names every file's digest, so it stands for the whole.
      const key = await keyOf(head);
      if (body) return { key, body: new Blob([head, ...slicesOf(body, files, places)]) };
      const parts = { head, files: places.flatMap((place) => files[place] ?? []) };
      const slice = async (start: number, end: number) => {
        const piece = await worker.ask({ kind: 'piece', parts, start, end });
        if (!piece) throw new UnreadableFiles([]);
        return piece;
      };
      return { key, body: { size: sizeOf(parts), slice } };
    };
    return { digests, packed };
  }

  close(): void {
    for (const worker of this.#workers) worker.close();
  }

  /** The idlest; but what lies in one deflated archive stays with one worker, which keeps its place in it. */
  #workerFor(bytes: DiscBytes | undefined): ReadingWorker {
    const inflated = bytes ? inflatedAround(bytes) : null;
    const bound =
      inflated && inflated !== bytes ? this.#workers[inflated.id % this.#workers.length] : undefined;
    const worker = bound ?? this.#workers.toSorted((a, b) => a.busy - b.busy)[0];
    if (!worker) throw new RangeError('there is always a worker');
    return worker;
  }
}

/** Only what a worker needs: a message is copied. */
function asPart({ file: { bytes, size, crc32 } }: PackedFile): PartOfPack {
  return { bytes, size, crc32 };
}

/** Stretches of bytes that hold files end to end; nothing is copied. */
function slicesOf(body: Blob, files: readonly PartOfPack[], places: readonly number[]): Blob[] {
  if (places.length === files.length) return [body];
  const starts: number[] = [];
  let end = 0;
  for (const { size } of files) {
    starts.push(end);
    end += size;
  }
  return places.map((place) => {
    const start = starts[place] ?? 0;
    return body.slice(start, start + (files[place]?.size ?? 0));
  });
}

type Batch = { at: number; bytes: DiscBytes }[];

/** Files of the same deflated archive are not mixed with others, so that one worker can keep to it. */
function* batchesOf(files: readonly DiscFile[], places: readonly number[]): Generator<Batch, void> {
  let batch: Batch = [];
  let archive: number | null = null;
  for (const at of places) {
    const { bytes } = files[at] ?? {};
    if (!bytes) continue;
    const inflated = inflatedAround(bytes);
    const around = inflated && inflated !== bytes ? inflated.id : null;
    if (batch.length > 0 && (batch.length === BATCH || around !== archive)) {
      yield batch;
      batch = [];
    }
    batch.push({ at, bytes });
    archive = around;
  }
  if (batch.length > 0) yield batch;
}
