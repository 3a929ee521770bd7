import { type ReadFiles, UnreadableFiles } from './disc-reader.ts';
import type { LostReason } from './manifest.ts';
import { type Pack, packWithout } from './packs.ts';

/** Tries after which what cannot be read is left out, if other packs can. */
const DISC_TRIES = 3;
/** Packs that are asked whether the disc is there; one of them may be scratched itself. */
const MOST_JUDGES = 3;

export interface PackReaderOptions {
  /** Reads the files of a pack from the disc. @throws UnreadableFiles */
  seal(pack: Pack): Promise<ReadFiles>;
  /** These chosen files (by place) cannot be read and are left out. */
  onLost(places: number[], reason: LostReason): Promise<void>;
  /** The disc is gone, or back. */
  onDisc(there: boolean): void;
  pause(attempt: number): Promise<void>;
}

/** As much of a pack as the disc gave up, and its content. */
export interface ReadPack {
  pack: Pack;
  files: ReadFiles;
}

/** Reads packs from a disc that may be scratched, or taken out for a while. */
export class PackReader {
  readonly #packs: readonly Pack[];
  readonly #options: PackReaderOptions;

  constructor(packs: readonly Pack[], options: PackReaderOptions) {
    this.#packs = packs;
    this.#options = options;
  }

  /** Null when nothing of the pack can be read and other packs can. */
  async read(pack: Pack): Promise<ReadPack | null> {
    const { seal, onDisc, pause } = this.#options;
    let readable = pack;
    let discIsThere = false;
    for (let attempt = 0; ; attempt++) {
      try {
        const files = await seal(readable);
        onDisc(true);
        return { pack: readable, files };
      } catch (error) {
        if (!(error instanceof UnreadableFiles)) throw error;
        const { places, damaged } = error;
        // What an archive has damaged stays so; a drive may yet find what it cannot read now.
        if (damaged.length > 0 || (discIsThere && places.length > 0)) {
          const rest =
            damaged.length > 0
              ? await this.#without(readable, damaged, 'archive-damaged')
              : await this.#without(readable, places, 'unreadable');
          if (!rest) return null;
          readable = rest;
        } else {
          onDisc(false);
          await pause(attempt);
          const someOfIt = places.length < readable.files.length;
          discIsThere = attempt >= DISC_TRIES && (await this.#otherPacksRead(pack, someOfIt));
        }
      }
    }
  }

  async #without(pack: Pack, places: readonly number[], reason: LostReason): Promise<Pack | null> {
    const lost = places.flatMap((place) => pack.files[place]?.at ?? []);
    await this.#options.onLost(lost, reason);
    return packWithout(pack, new Set(lost));
  }

  /**
   * Tells a scratch from a disc that was taken out; the last packs are those least likely to be in some cache. Where
   * there is no other, what can be read of this one has to tell.
   */
  async #otherPacksRead(pack: Pack, someOfIt: boolean): Promise<boolean> {
    const others = this.#packs.filter((candidate) => candidate !== pack);
    if (others.length === 0) return someOfIt;
    for (const other of others.slice(-MOST_JUDGES).reverse()) if (await this.#gives(other)) return true;
    return false;
  }

  /** Whether the disc gives anything of a pack. */
  #gives({ files, ...pack }: Pack): Promise<boolean> {
    return this.#options.seal({ files, ...pack }).then(
      () => true,
      (error: unknown) =>
        error instanceof UnreadableFiles && (error.damaged.length > 0 || error.places.length < files.length),
    );
  }
}
