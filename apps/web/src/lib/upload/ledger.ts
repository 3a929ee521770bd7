import { type Pack, filesWithin } from './packs.ts';

/** How far a transfer is. `already` counts what the server had before this page began. */
export interface Sent {
  files: number;
  bytes: number;
  totalFiles: number;
  totalBytes: number;
  alreadyFiles: number;
  alreadyBytes: number;
}

interface Line {
  pack: Pack;
  bytes: number;
  already: boolean;
}

/** The sender's books: bytes and files of every pack, whole ones and those on their way. */
export class Ledger {
  readonly #lines: Map<Pack, Line>;

  constructor(packs: readonly Pack[]) {
    this.#lines = new Map(packs.map((pack) => [pack, { pack, bytes: 0, already: false }]));
  }

  /** @param planned the pack as it was planned; `pack` is what the disc gave of it */
  moved(planned: Pack, { pack, bytes }: { pack: Pack; bytes: number }): void {
    this.#lines.set(planned, { pack, bytes, already: false });
  }

  complete(planned: Pack, { pack, already }: { pack: Pack; already: boolean }): void {
    this.#lines.set(planned, { pack, bytes: pack.size, already });
  }

  /** Nothing of it could be read. */
  drop(planned: Pack): void {
    this.#lines.delete(planned);
  }

  get sent(): Sent {
    const sent = { files: 0, bytes: 0, totalFiles: 0, totalBytes: 0, alreadyFiles: 0, alreadyBytes: 0 };
    for (const { pack, bytes, already } of this.#lines.values()) {
      const files = filesWithin(pack, bytes);
      sent.files += files;
      sent.bytes += bytes;
      sent.totalFiles += pack.files.length;
      sent.totalBytes += pack.size;
      sent.alreadyFiles += already ? files : 0;
      sent.alreadyBytes += already ? bytes : 0;
    }
    return sent;
  }
}
