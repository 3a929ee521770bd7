import type { FileOnDisc, KnownFiles, Unverified } from '@filmpost/exchange/intake/manifest/schema.ts';
import type { StoredPack, UploadProgress } from '@filmpost/exchange/intake/schema.ts';
import type { ReadFiles } from './disc-reader.ts';
import type { Pack } from './packs.ts';
import { NotNow, type Parcel, type Transport } from './transport.ts';

export const finished = { state: 'sent' } as UploadProgress;

/** Made up from places, as are digests: `key 0+1`. */
export const keyOf = (pack: Pack) => `key ${pack.files.map(({ at }) => at).join('+')}`;
export const digestOf = (at: number) => String(at).padStart(64, '0');

/** What a disc gives of a pack; files at `copies` have the content of another. */
export function contentOf({ files }: Pack, copies: Record<number, number> = {}): ReadFiles {
  return {
    digests: files.map(({ at }) => digestOf(copies[at] ?? at)),
    packed: (head, places) => {
      const key = `key ${places.map((place) => files[place]?.at).join('+')}`;
      const bytes = places.reduce((sum, place) => sum + (files[place]?.file.size ?? 0), head.length);
      return Promise.resolve({ key, body: new Blob([new Uint8Array(bytes)]) });
    },
  };
}

/** A server of the mind: keeps what it was sent, and fails as told. */
export class FakeServer implements Transport {
  packs = new Map<string, StoredPack>();
  here = new Set<string>();
  elsewhere = new Set<string>();
  announced = new Set<string>();
  forgotten: string[] = [];
  /** Digests of files that come damaged so many times. */
  damaging = new Map<string, number>();
  /** Places of files that have the content of another. */
  copies: Record<number, number> = {};
  sent: string[] = [];
  resumed: string[] = [];
  removed: string[] = [];
  atOnce = 0;
  /** How many were on their way as each set out, itself included. */
  together: number[] = [];
  /** One for each sending, as long as there are any: why it breaks, or null when it does not. */
  failures: (Error | null)[] = [];

  stored(): Promise<StoredPack[]> {
    return Promise.resolve([...this.packs.values()]);
  }

  announceFiles(files: readonly FileOnDisc[]): Promise<KnownFiles> {
    const asked = files.map(({ sha256 }) => sha256);
    const here = asked.filter((digest) => this.here.has(digest));
    const elsewhere = asked.filter((digest) => this.elsewhere.has(digest) && !this.here.has(digest));
    for (const digest of asked) {
      if (![...here, ...elsewhere].includes(digest)) this.announced.add(digest);
    }
    return Promise.resolve({ here, elsewhere });
  }

  unverified(): Promise<Unverified> {
    const checking = [...this.packs.values()].some(({ complete }) => !complete);
    return Promise.resolve({ checking, missing: checking ? [] : [...this.announced] });
  }

  forgetFiles(digests: readonly string[]): Promise<void> {
    for (const digest of digests) this.announced.delete(digest);
    this.forgotten.push(...digests);
    return Promise.resolve();
  }

  async send({ key, blobId, body, onBytes }: Parcel): Promise<void> {
    this.together.push(++this.atOnce);
    await new Promise(setImmediate);
    this.atOnce--;
    const failure = this.failures.shift();
    if (failure) {
      // What came before the line broke stays.
      this.#keep(key, false);
      throw failure;
    }
    (blobId ? this.resumed : this.sent).push(key);
    onBytes(body.size);
    this.#keep(key, true);
  }

  remove(blobId: string): Promise<void> {
    this.removed.push(blobId);
    for (const [key, pack] of this.packs) if (pack.blobId === blobId) this.packs.delete(key);
    return Promise.resolve();
  }

  finish(): Promise<UploadProgress> {
    const arriving = [...this.packs.values()].some(({ complete }) => !complete);
    return arriving || this.announced.size > 0
      ? Promise.reject(new NotNow('still arriving'))
      : Promise.resolve(finished);
  }

  #keep(key: string, complete: boolean): void {
    this.packs.set(key, {
      contentKey: key,
      blobId: `blob of ${key}`,
      size: 100,
      complete,
      understood: complete,
    });
    if (complete)
      for (const at of key.slice(4).split('+'))
        this.#verify(key, digestOf(this.copies[Number(at)] ?? Number(at)));
  }

  #verify(key: string, digest: string): void {
    const times = this.damaging.get(digest) ?? 0;
    this.damaging.set(digest, times - 1);
    if (times > 0) return void this.packs.delete(key);
    this.announced.delete(digest);
    this.here.add(digest);
  }
}
