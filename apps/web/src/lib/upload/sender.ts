import type { StoredPack, UploadProgress } from '@filmpost/exchange/intake/schema.ts';
import { type ReadFiles, type ReadyPack, UnreadableFiles } from './disc-reader.ts';
import { FileBooks } from './file-books.ts';
import { Ledger } from './ledger.ts';
import { ALREADY_THERE, type LostReason } from './manifest.ts';
import { PackReader, type ReadPack } from './pack-reader.ts';
import { type Pack, headOf, packWithout } from './packs.ts';
import { ArrivingElsewhere, LineLost, NoRoom, NotNow, OtherForm, type Transport } from './transport.ts';
import { Turns } from './turns.ts';

/**
 * Packs on their way at the same time. Fewer fill a line less, but are sooner whole, and only what is whole is done
 * when somebody else goes on elsewhere: so it begins with few, as it does after the line broke.
 */
const SENT_AT_ONCE = { first: 3, proven: 5 };
/** With those that are read meanwhile: a line that waits for the disc is a line that stands still. */
const LANES = 7;
/** Rounds of asking in vain after which another window's unfinished files are taken to be left behind. */
const PATIENCE_ROUNDS = 8;

export interface SenderOptions {
  transport: Transport;
  /** Reads the files of a pack from the disc. @throws UnreadableFiles */
  seal(pack: Pack): Promise<ReadFiles>;
  /** Resolves when it is time for the next try, the sooner the better the chances. */
  pause(attempt: number): Promise<void>;
  /** These chosen files (by place) do not go, for this reason. May throw `LineLost`. */
  onLost(places: number[], reason: LostReason): Promise<void>;
  /** Whether the browser has connections to spare: it opens six to a house, and some of them may be taken. */
  roomy(): boolean;
  signal: AbortSignal;
}

/** `lost`: the connection is gone; `disc`: the disc is; `full`: the server has no room. All are waited for. */
export type Line = 'moving' | 'lost' | 'disc' | 'full';

/** A pack as it was planned, and what travels of it. */
interface Travelling {
  planned: Pack;
  head: Uint8Array;
  ready: ReadyPack;
}

/**
 * Brings files to the server, whatever happens to line and server on the way: what the server has, by content, is not
 * sent; a pack that broke off goes on where it stopped; what did not arrive as it was read goes once more. Gives up
 * only when the upload has ended.
 */
export class Sender {
  readonly ledger: Ledger;
  line: Line = 'moving';
  readonly #packs: readonly Pack[];
  readonly #options: SenderOptions;
  readonly #reader: PackReader;
  readonly #turns = new Turns(SENT_AT_ONCE.first);
  readonly #books = new FileBooks();
  readonly #keys = new Set<string>();
  #stored = new Map<string, StoredPack>();

  constructor(packs: readonly Pack[], options: SenderOptions) {
    this.#packs = packs;
    this.#options = options;
    this.ledger = new Ledger(packs);
    this.#reader = new PackReader(packs, {
      seal: options.seal,
      onLost: (places, reason) => this.#lose(places, reason),
      onDisc: (there) => {
        if (!there) this.line = 'disc';
        else if (this.line === 'disc') this.line = 'moving';
      },
      pause: (attempt) => this.#pause(attempt),
    });
  }

  /** Settles when every file is verified on the server's disk and the server was told so. @throws UploadEnded */
  async run(): Promise<UploadProgress> {
    await this.#untilUnderstood();
    await this.#bringAll(this.#packs);
    const { needless } = this.#books;
    if (needless.size > 0) await this.#lose([...needless], ALREADY_THERE);
    return this.#finish();
  }

  /** What came from another window a moment ago is known file by file as soon as the server has looked at it. */
  async #untilUnderstood(): Promise<void> {
    for (let round = 0; round < PATIENCE_ROUNDS; round++) {
      const packs = await this.#ask();
      if (packs.every(({ complete, understood }) => !complete || understood)) return;
      await this.#pause(0);
    }
  }

  async #bringAll(packs: readonly Pack[]): Promise<void> {
    const waiting = packs.values();
    const lane = async () => {
      for (const pack of waiting) await this.#bring(pack);
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  }

  async #bring(planned: Pack): Promise<void> {
    const read = await this.#reader.read(planned);
    if (!read) return this.ledger.drop(planned);
    const travelling = await this.#withoutKnown(planned, read);
    if (travelling) await this.#deliver(travelling);
  }

  /** What of a pack the server does not have; null when it has everything. */
  async #withoutKnown(planned: Pack, { pack, files }: ReadPack): Promise<Travelling | null> {
    const { digests } = files;
    const fresh = this.#books.note(pack, digests);
    const known = await this.#persist(() => this.#options.transport.announceFiles(fresh));
    const places = this.#books.travelling(pack, digests, known);
    const staying = pack.files.filter((_, place) => !places.includes(place));
    const rest = packWithout(pack, new Set(staying.map(({ at }) => at)));
    this.ledger.splits(planned, { readable: pack, travelling: rest });
    if (!rest) return null;
    const head = headOf(
      rest,
      places.map((place) => digests[place] ?? ''),
    );
    return { planned, head, ready: await files.packed(head, places) };
  }

  async #deliver({ planned, head, ready }: Travelling): Promise<void> {
    const { transport, signal } = this.#options;
    this.#keys.add(ready.key);
    for (let attempt = 0; ; attempt++) {
      const known = this.#stored.get(ready.key);
      if (known?.complete) return this.ledger.complete(planned, { already: attempt === 0 });
      try {
        const onBytes = (bytes: number) => {
          // Bytes leave for a full server too; that it has room is known when it has taken them.
          if (this.line !== 'full') this.line = 'moving';
          this.ledger.moved(planned, bytes - head.length);
        };
        const parcel = { ...ready, blobId: known?.blobId ?? null, onBytes, signal };
        await this.#turns.take(() => transport.send(parcel));
        this.line = 'moving';
        if (this.#options.roomy()) this.#turns.allow(SENT_AT_ONCE.proven);
        return this.ledger.complete(planned, { already: false });
      } catch (error) {
        this.#turns.allow(SENT_AT_ONCE.first);
        if (error instanceof NoRoom) this.line = 'full';
        else if (error instanceof LineLost) this.line = 'lost';
        else if (error instanceof UnreadableFiles) this.line = 'disc';
        else if (!(error instanceof ArrivingElsewhere || error instanceof OtherForm)) throw error;
        if (!(error instanceof OtherForm)) await this.#pause(attempt);
        await this.#ask();
        if (!(error instanceof UnreadableFiles)) continue;
        // The disc may have been put back, or have a scratch: reading finds out, and waits or does without. Should the
        // pack be another one then, what came of this one is nobody's.
        this.#keys.delete(ready.key);
        return this.#bring(planned);
      }
    }
  }

  async #ask(): Promise<StoredPack[]> {
    const packs = await this.#persist(() => this.#options.transport.stored());
    this.#stored = new Map(packs.map((pack) => [pack.contentKey, pack]));
    return packs;
  }

  /** Asks what is open before it says that nothing is: a browser logs every no of a server as an error. */
  async #finish(): Promise<UploadProgress> {
    for (let round = 0, seen = ''; ; round++) {
      const { done, blobs, digests } = await this.#whatIsOpen();
      const finished = done ? await this.#sayFinished() : null;
      if (finished) return finished;
      await this.#pause(0);
      const now = [...blobs, ...digests].join();
      if (now !== seen) round = 0;
      seen = now;
      if (now === '' || round < PATIENCE_ROUNDS) continue;
      for (const blobId of blobs) await this.#persist(() => this.#options.transport.remove(blobId));
      await this.#persist(() => this.#options.transport.forgetFiles(digests));
    }
  }

  async #sayFinished(): Promise<UploadProgress | null> {
    try {
      return await this.#persist(() => this.#options.transport.finish());
    } catch (error) {
      if (error instanceof NotNow) return null;
      throw error;
    }
  }

  /**
   * Sends once more what did not arrive as it was read. What another window left unfinished is not ours to send: it is
   * waited for, and in the end forgotten, or it would hold this upload for ever.
   */
  async #whatIsOpen(): Promise<{ done: boolean; blobs: string[]; digests: string[] }> {
    const strange = (await this.#ask()).filter((pack) => !pack.complete && !this.#keys.has(pack.contentKey));
    const { checking, missing } = await this.#persist(() => this.#options.transport.unverified());
    const { again, hopeless, gone, foreign } = this.#books.triage(missing);
    if (hopeless.length > 0) {
      await this.#lose(
        hopeless.map(({ at }) => at),
        'damaged-on-the-way',
      );
    }
    const digests = [...gone, ...hopeless.map(({ digest }) => digest)];
    if (digests.length > 0) await this.#persist(() => this.#options.transport.forgetFiles(digests));
    const wanted = new Set(again);
    await this.#bringAll(this.#packs.filter(({ files }) => files.some(({ at }) => wanted.has(at))));
    const done = !checking && missing.length === 0;
    return { done, blobs: strange.map(({ blobId }) => blobId), digests: foreign };
  }

  async #lose(places: number[], reason: LostReason): Promise<void> {
    if (reason !== ALREADY_THERE) this.#books.lost(places);
    await this.#persist(() => this.#options.onLost(places, reason));
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
