import type { StoredPack, UploadProgress } from '@filmpost/exchange/intake/schema.ts';
import { type ReadyPack, UnreadableFiles } from './disc-reader.ts';
import { Ledger } from './ledger.ts';
import type { LostReason } from './manifest.ts';
import { type Pack, packWithout } from './packs.ts';
import { ArrivingElsewhere, LineLost, NoRoom, NotNow, type Transport } from './transport.ts';

/** Packs on their way at the same time. */
const LANES = 3;
/** Rounds of asking in vain after which another window's unfinished packs are taken to be left behind. */
const PATIENCE_ROUNDS = 8;
/** Tries after which what cannot be read is left out, if other packs can. */
const DISC_TRIES = 3;

export interface SenderOptions {
  transport: Transport;
  /** Reads a pack from the disc. @throws UnreadableFiles */
  seal(pack: Pack): Promise<ReadyPack>;
  /** Resolves when it is time for the next try, the sooner the better the chances. */
  pause(attempt: number): Promise<void>;
  /** These chosen files (by place) cannot be read and are left out. May throw `LineLost`. */
  onLost(places: number[], reason: LostReason): Promise<void>;
  signal: AbortSignal;
}

/** `lost`: the connection is gone; `disc`: the disc is; `full`: the server has no room. All are waited for. */
export type Line = 'moving' | 'lost' | 'disc' | 'full';

/**
 * Brings packs to the server, whatever happens to line and server on the way: before each try it asks what is stored,
 * skips what is complete and goes on behind what is not. Gives up only when the upload has ended.
 */
export class Sender {
  readonly ledger: Ledger;
  line: Line = 'moving';
  readonly #packs: readonly Pack[];
  readonly #options: SenderOptions;
  readonly #keys = new Set<string>();
  #stored = new Map<string, StoredPack>();

  constructor(packs: readonly Pack[], options: SenderOptions) {
    this.#packs = packs;
    this.#options = options;
    this.ledger = new Ledger(packs);
  }

  /** Settles when every byte is stored and the server was told so. @throws UploadEnded */
  async run(): Promise<UploadProgress> {
    await this.#ask();
    const waiting = this.#packs.values();
    const lane = async () => {
      for (const pack of waiting) await this.#bring(pack);
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    return this.#finish();
  }

  async #bring(pack: Pack): Promise<void> {
    const readable = await this.#seal(pack);
    if (readable) await this.#deliver(pack, readable);
    else this.ledger.drop(pack);
  }

  /** The pack as far as the disc gives it up; null when nothing of it can be read and other packs can. */
  async #seal(pack: Pack): Promise<{ pack: Pack; sealed: ReadyPack } | null> {
    let readable = pack;
    let discIsThere = false;
    for (let attempt = 0; ; attempt++) {
      try {
        const sealed = await this.#options.seal(readable);
        if (this.line === 'disc') this.line = 'moving';
        return { pack: readable, sealed };
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
          this.line = 'disc';
          await this.#pause(attempt);
          discIsThere = attempt >= DISC_TRIES && (await this.#otherPacksRead(pack));
        }
      }
    }
  }

  async #without(pack: Pack, places: readonly number[], reason: LostReason): Promise<Pack | null> {
    const lost = places.flatMap((place) => pack.files[place]?.at ?? []);
    await this.#persist(() => this.#options.onLost(lost, reason));
    return packWithout(pack, new Set(lost));
  }

  /** Tells a scratch from a disc that was taken out; the last pack is the one least likely to be in some cache. */
  async #otherPacksRead(pack: Pack): Promise<boolean> {
    const other = this.#packs.findLast((candidate) => candidate !== pack);
    if (!other) return false;
    return this.#options.seal(other).then(
      () => true,
      () => false,
    );
  }

  async #deliver(planned: Pack, { pack, sealed }: { pack: Pack; sealed: ReadyPack }): Promise<void> {
    const { transport, signal } = this.#options;
    this.#keys.add(sealed.key);
    for (let attempt = 0; ; attempt++) {
      const known = this.#stored.get(sealed.key);
      if (known?.complete) return this.ledger.complete(planned, { pack, already: attempt === 0 });
      try {
        const onBytes = (bytes: number) => {
          // Bytes leave for a full server too; that it has room is known when it has taken them.
          if (this.line !== 'full') this.line = 'moving';
          this.ledger.moved(planned, { pack, bytes });
        };
        await transport.send({ ...sealed, blobId: known?.blobId ?? null, onBytes, signal });
        this.line = 'moving';
        return this.ledger.complete(planned, { pack, already: false });
      } catch (error) {
        if (error instanceof NoRoom) this.line = 'full';
        else if (error instanceof LineLost) this.line = 'lost';
        else if (error instanceof UnreadableFiles) this.line = 'disc';
        else if (!(error instanceof ArrivingElsewhere)) throw error;
        await this.#pause(attempt);
        await this.#ask();
      }
    }
  }

  async #ask(): Promise<StoredPack[]> {
    const packs = await this.#persist(() => this.#options.transport.stored());
    this.#stored = new Map(packs.map((pack) => [pack.contentKey, pack]));
    return packs;
  }

  /** What another window left unfinished is waited for, and in the end forgotten: it would hold this upload for ever. */
  async #finish(): Promise<UploadProgress> {
    for (let round = 0, seen = ''; ; round++) {
      try {
        return await this.#persist(() => this.#options.transport.finish());
      } catch (error) {
        if (!(error instanceof NotNow)) throw error;
      }
      await this.#pause(1);
      const strange = (await this.#ask()).filter(
        (pack) => !pack.complete && !this.#keys.has(pack.contentKey),
      );
      const now = strange.map(({ blobId }) => blobId).join();
      if (now !== seen) round = 0;
      seen = now;
      if (round < PATIENCE_ROUNDS) continue;
      for (const { blobId } of strange) await this.#persist(() => this.#options.transport.remove(blobId));
    }
  }

  async #persist<Result>(attempt: () => Promise<Result>): Promise<Result> {
    for (let tries = 0; ; tries++) {
      try {
        const result = await attempt();
        if (this.line === 'lost') this.line = 'moving';
        return result;
      } catch (error) {
        if (error instanceof NoRoom) this.line = 'full';
        else if (error instanceof LineLost) this.line = 'lost';
        else throw error;
        await this.#pause(tries);
      }
    }
  }

  async #pause(attempt: number): Promise<void> {
    this.#options.signal.throwIfAborted();
    await this.#options.pause(attempt);
    this.#options.signal.throwIfAborted();
  }
}
