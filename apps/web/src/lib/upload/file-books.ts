import type { FileOnDisc, KnownFiles } from '@filmpost/exchange/intake/manifest/schema.ts';
import type { Pack } from './packs.ts';

/** Times a file is sent once more when it did not arrive as it was read. */
const MOST_RESENT = 2;

export interface Triage {
  /** Places of files to send once more. */
  again: number[];
  /** Files that were damaged on the way each time. */
  hopeless: { at: number; digest: string }[];
  /** Files that are not ours. */
  foreign: string[];
}

/** What the sender knows of its files by their content. */
export class FileBooks {
  /** By digest: the place of the first file with this content, among those chosen. */
  readonly #first = new Map<string, number>();
  readonly #resent = new Map<string, number>();
  /** Places of files whose content the server has from elsewhere, or that the disc holds twice. */
  readonly needless = new Set<number>();

  /** Takes in what was read of a pack, each content once: what has to be announced. */
  note(pack: Pack, digests: readonly string[]): FileOnDisc[] {
    const fresh: FileOnDisc[] = [];
    for (const [place, { at, file }] of pack.files.entries()) {
      const sha256 = digests[place] ?? '';
      const first = this.#first.get(sha256) ?? at;
      this.#first.set(sha256, first);
      if (first === at) fresh.push({ sha256, size: file.size });
      else this.needless.add(at);
    }
    return fresh;
  }

  /** Places within the pack of the files that have to travel. */
  travelling(pack: Pack, digests: readonly string[], { here, elsewhere }: KnownFiles): number[] {
    const [stored, strange] = [new Set(here), new Set(elsewhere)];
    const places: number[] = [];
    for (const [place, { at }] of pack.files.entries()) {
      const digest = digests[place] ?? '';
      if (strange.has(digest)) this.needless.add(at);
      if (!this.needless.has(at) && !stored.has(digest)) places.push(place);
    }
    return places;
  }

  /** What to do about missing files. */
  triage(missing: readonly string[]): Triage {
    const result: Triage = { again: [], hopeless: [], foreign: [] };
    for (const digest of missing) {
      const at = this.#first.get(digest);
      const times = this.#resent.get(digest) ?? 0;
      this.#resent.set(digest, times + 1);
      if (at === undefined) result.foreign.push(digest);
      else if (times < MOST_RESENT) result.again.push(at);
      else result.hopeless.push({ at, digest });
    }
    return result;
  }
}
