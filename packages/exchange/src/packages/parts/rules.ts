import type { Segment } from '@filmpost/media/layout.ts';

/** Where a planned file comes from: made-up bytes, or a stretch of an instance as it leaves. */
export type PlannedSource =
  { kind: 'bytes'; bytes: Uint8Array } | { kind: 'instance'; instanceId: number; offset: number };

/** A piece of a part. Of made-up bytes `offset` counts within the part's own, else within the instance as it leaves. */
export interface PartPiece {
  /** Null for made-up bytes. */
  instanceId: number | null;
  offset: number;
  length: number;
}

/** A stretch of the whole as it is kept: bounded, so that a download of any size needs little memory. */
export interface PackagePart {
  startsAt: number;
  pieces: Buffer;
  bytes: Buffer;
}

const MOST_PIECES = 256;
/** They come from the database as text of twice the length, several copies of which are in memory for a moment. */
const MOST_BYTES = 64 * 1024;
/** Three numbers of 48 bits: instances, and bytes up to 256 TiB. */
const NUMBER_BYTES = 6;
const PIECE_BYTES = 3 * NUMBER_BYTES;

/** Cuts a layout into parts; `sources` are the layout's files in its order. */
export function* partsOf(
  layout: Iterable<Segment>,
  sources: readonly PlannedSource[],
): Iterable<PackagePart> {
  let part = new GrowingPart(0);
  for (const piece of resolved(layout, sources)) {
    if (part.full) {
      yield part.done();
      part = new GrowingPart(part.end);
    }
    part.add(piece);
  }
  if (!part.empty) yield part.done();
}

/** The pieces of a part, in order. */
export function piecesOf(part: Pick<PackagePart, 'pieces'>): PartPiece[] {
  const { pieces } = part;
  return Array.from({ length: pieces.length / PIECE_BYTES }, (_, i) => {
    const [instanceId = 0, offset = 0, length = 0] = [0, 1, 2].map((n) =>
      pieces.readUIntBE(i * PIECE_BYTES + n * NUMBER_BYTES, NUMBER_BYTES),
    );
    return { instanceId: instanceId || null, offset, length };
  });
}

type Resolved = { bytes: Uint8Array } | { instanceId: number; offset: number; length: number };

function* resolved(layout: Iterable<Segment>, sources: readonly PlannedSource[]): Iterable<Resolved> {
  for (const segment of layout) {
    if (segment.kind === 'bytes') {
      yield* slices(segment.bytes);
      continue;
    }
    const { index, offset, length } = segment;
    const source = sources[index];
    if (!source) throw new RangeError('A layout names a file that nobody planned.');
    if (source.kind === 'bytes') yield* slices(source.bytes.subarray(offset, offset + length));
    else if (length > 0) yield { instanceId: source.instanceId, offset: source.offset + offset, length };
  }
}

function* slices(bytes: Uint8Array): Iterable<Resolved> {
  for (let at = 0; at < bytes.length; at += MOST_BYTES) yield { bytes: bytes.subarray(at, at + MOST_BYTES) };
}

class GrowingPart {
  end: number;
  readonly #startsAt: number;
  readonly #numbers: number[] = [];
  readonly #bytes: Uint8Array[] = [];
  #held = 0;

  constructor(startsAt: number) {
    this.#startsAt = startsAt;
    this.end = startsAt;
  }

  get full(): boolean {
    return this.#numbers.length >= 3 * MOST_PIECES || this.#held >= MOST_BYTES;
  }

  get empty(): boolean {
    return this.#numbers.length === 0;
  }

  add(piece: Resolved): void {
    if ('bytes' in piece) {
      this.#numbers.push(0, this.#held, piece.bytes.length);
      this.#bytes.push(piece.bytes);
      this.#held += piece.bytes.length;
      this.end += piece.bytes.length;
    } else {
      this.#numbers.push(piece.instanceId, piece.offset, piece.length);
      this.end += piece.length;
    }
  }

  done(): PackagePart {
    const pieces = Buffer.alloc(this.#numbers.length * NUMBER_BYTES);
    this.#numbers.forEach((number, i) => pieces.writeUIntBE(number, i * NUMBER_BYTES, NUMBER_BYTES));
    return { startsAt: this.#startsAt, pieces, bytes: Buffer.concat(this.#bytes) };
  }
}
