import type { ReadFiles } from './disc-reader.ts';
import type { Pack } from './packs.ts';

/** Packs read ahead: as many as leave together at first. More would keep the server's answers waiting for the disc. */
const MOST_PACKS = 3;

type Seal = (pack: Pack) => Promise<ReadFiles>;

/**
 * Reads the first packs while an upload is being opened. That takes several answers of the server, during which neither
 * disc nor line would have anything to do. Their bytes stay on the disc.
 */
export class HeadStart {
  readonly packs: readonly Pack[];
  readonly #seal: Seal;
  readonly #begun = new Map<Pack, Promise<ReadFiles>>();

  /** Begins to read at once, one pack after the other: the first one tells which upload it is. */
  constructor(packs: readonly Pack[], seal: Seal) {
    this.packs = packs;
    this.#seal = seal;
    let before: Promise<unknown> = Promise.resolve();
    for (const pack of packs.slice(0, MOST_PACKS)) {
      const reading = before.then(() => seal(pack));
      this.#begun.set(pack, reading);
      // Whoever asks for the pack hears what came of it; perhaps nobody does.
      before = reading.catch(() => undefined);
    }
  }

  /** What was begun, but only once: a disc that failed may give more the next time. @throws UnreadableFiles */
  seal(pack: Pack): Promise<ReadFiles> {
    const begun = this.#begun.get(pack);
    this.#begun.delete(pack);
    return begun ?? this.#seal(pack);
  }

  /** Digests of the files that are sent first; none when the disc does not give them up. */
  async beginning(): Promise<readonly string[]> {
    const [first] = this.packs;
    const read = first && (await this.#begun.get(first)?.catch(() => null));
    return read?.digests ?? [];
  }
}
