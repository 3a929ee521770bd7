import { type Pack, filesWithin } from './packs.ts';

/** How far a transfer is; bytes are those of the files. `already` counts what the server had before it was offered. */
export interface Sent {
  files: number;
  bytes: number;
  totalFiles: number;
  totalBytes: number;
  alreadyFiles: number;
  alreadyBytes: number;
}

interface Line {
  /** What travels of it; null when nothing has to. */
  pack: Pack | null;
  bytes: number;
  alreadyFiles: number;
  alreadyBytes: number;
}

/** The sender's books: bytes and files of every pack, whole ones and those on their way. */
export class Ledger {
  readonly #lines: Map<Pack, Line>;

  constructor(packs: readonly Pack[]) {
    this.#lines = new Map(packs.map((pack) => [pack, { pack, bytes: 0, alreadyFiles: 0, alreadyBytes: 0 }]));
  }

  /**
   * What of a pack travels; the rest of what could be read of it is there already.
   *
   * @param planned the pack as it was planned; `readable` is what the disc gave of it
   */
  splits(planned: Pack, { readable, travelling }: { readable: Pack; travelling: Pack | null }): void {
    this.#lines.set(planned, {
      pack: travelling,
      bytes: 0,
      alreadyFiles: readable.files.length - (travelling?.files.length ?? 0),
      alreadyBytes: readable.size - (travelling?.size ?? 0),
    });
  }

  /** @param bytes of the files, those that have left so far */
  moved(planned: Pack, bytes: number): void {
    const line = this.#lines.get(planned);
    if (line) line.bytes = Math.max(0, bytes);
  }

  complete(planned: Pack, { already }: { already: boolean }): void {
    const line = this.#lines.get(planned);
    if (!line?.pack) return;
    if (!already) {
      line.bytes = line.pack.size;
      return;
    }
    line.alreadyFiles += line.pack.files.length;
    line.alreadyBytes += line.pack.size;
    line.pack = null;
    line.bytes = 0;
  }

  /** Nothing of it could be read. */
  drop(planned: Pack): void {
    this.#lines.delete(planned);
  }

  get sent(): Sent {
    const sent = { files: 0, bytes: 0, totalFiles: 0, totalBytes: 0, alreadyFiles: 0, alreadyBytes: 0 };
    for (const { pack, bytes, alreadyFiles, alreadyBytes } of this.#lines.values()) {
      sent.files += alreadyFiles + (pack ? filesWithin(pack, bytes) : 0);
      sent.bytes += alreadyBytes + bytes;
      sent.totalFiles += alreadyFiles + (pack?.files.length ?? 0);
      sent.totalBytes += alreadyBytes + (pack?.size ?? 0);
      sent.alreadyFiles += alreadyFiles;
      sent.alreadyBytes += alreadyBytes;
    }
    return sent;
  }
}
