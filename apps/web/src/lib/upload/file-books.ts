import type { FileOnDisc, KnownFiles } from '@filmpost/exchange/intake/manifest/schema.ts';
import type { Pack } from './packs.ts';

/** Times a file is sent once more when it did not arrive as it was read. */
const MOST_RESENT = 2;

export interface Triage {
  /** Places of files to send once more. */
  again: number[];
  /** Files that were damaged on the way each time. */
  hopeless: { at: number; digest: string }[];
  /** Files that were ours and that no place on the disc holds any more. */
  gone: string[];
  /** Files that are not ours. */
  foreign: string[];
}

/** What the sender knows of its files by their content. */
export class FileBooks {
  /** By digest: the places that hold this content, among the files chosen; the first one travels. */
  readonly #places = new Map<string, number[]>();
  /** What each place held when it was read last. */
  readonly #digests = new Map<number, string>();
  readonly #resent = new Map<string, number>();
  /** Places of files whose content the server has from elsewhere, or that the disc holds twice. */
  readonly needless = new Set<number>();

  /** Takes in what was read of a pack, each content once: what has to be announced. */
  note(pack: Pack, digests: readonly string[]): FileOnDisc[] {
    const fresh: FileOnDisc[] = [];
    for (const [place, { at, file }] of pack.files.entries()) {
      const sha256 = digests[place] ?? '';
      if (this.#digests.get(at) !== sha256) this.#hold(at, sha256);
      if (this.#places.get(sha256)?.[0] === at) fresh.push({ sha256, size: file.size });
      else this.needless.add(at);
    }
    return fresh;
  }

  /** A place that reads otherwise than before holds what it held no longer. */
  #hold(at: number, sha256: string): void {
    this.lost([at]);
    this.#digests.set(at, sha256);
    this.#places.set(sha256, [...(this.#places.get(sha256) ?? []), at]);
  }

  /** These places give nothing any more. Where another one holds the same, that one is to travel. */
  lost(places: readonly number[]): void {
    for (const at of places) {
      const digest = this.#digests.get(at);
      if (digest === undefined) continue;
      const others = this.#places.get(digest)?.filter((place) => place !== at) ?? [];
      this.#places.set(digest, others);
      this.#digests.delete(at);
      this.needless.delete(at);
      if (others[0] !== undefined) this.needless.delete(others[0]);
    }
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
    const result: Triage = { again: [], hopeless: [], gone: [], foreign: [] };
    for (const digest of missing) {
      const held = this.#places.get(digest);
      const at = held?.[0];
      const times = this.#resent.get(digest) ?? 0;
      this.#resent.set(digest, times + 1);
      if (held === undefined) result.foreign.push(digest);
      else if (at === undefined) result.gone.push(digest);
      else if (times < MOST_RESENT) result.again.push(at);
      else result.hopeless.push({ at, digest });
    }
    return result;
  }
}
