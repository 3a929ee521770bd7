import type { ByteSource } from '@filmpost/media/reading/byte-source.ts';
import type { Extent } from '@filmpost/media/reading/contained-file.ts';
import type { DiscBytes, Inflated } from './disc-file.ts';
import { InflatedSource } from './inflating.ts';

/** Inflaters kept open at the same time; each holds less than a megabyte. */
const MOST_OPEN = 8;

/** Opens bytes for reading, and remembers how far a deflated archive has been read. Lives in a worker. */
export class ByteSources {
  readonly #open = new Map<number, InflatedSource>();

  /** Reads reject with the browser's DOMException or with `NotAsPromised`. */
  open(bytes: DiscBytes): ByteSource {
    const blob = blobOf(bytes);
    if (blob) return blobSource(blob);
    if (bytes instanceof Blob) return blobSource(bytes);
    if (bytes.kind === 'inflated') return this.#inflated(bytes);
    return joined(this.open(bytes.of), bytes.extents, bytes.size);
  }

  /** A single entry is read once and let go; what holds other files is read again and again. */
  #inflated(bytes: Inflated): ByteSource {
    const known = this.#open.get(bytes.id) ?? new InflatedSource(this.open(bytes.packed), bytes.size);
    this.#open.delete(bytes.id);
    this.#open.set(bytes.id, known);
    for (const [id, source] of this.#open) {
      if (this.#open.size <= MOST_OPEN) break;
      source.close();
      this.#open.delete(id);
    }
    return known;
  }
}

/** The same bytes as a Blob of the browser's, without reading any; null when something must be inflated. */
export function blobOf(bytes: DiscBytes): Blob | null {
  if (bytes instanceof Blob) return bytes;
  if (bytes.kind === 'inflated') return null;
  const whole = blobOf(bytes.of);
  if (!whole) return null;
  const pieces = bytes.extents.map(({ offset, length }) => whole.slice(offset, offset + length));
  const [only] = pieces;
  return pieces.length === 1 && only ? only : new Blob(pieces);
}

export function blobSource(blob: Blob): ByteSource {
  return {
    size: blob.size,
    read: async (offset, length) => new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer()),
  };
}

function joined(source: ByteSource, extents: readonly Extent[], size: number): ByteSource {
  const read = async (offset: number, length: number) => {
    const wanted = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
    let filled = 0;
    let from = offset;
    for (const extent of extents) {
      const take = Math.min(extent.length - from, wanted.length - filled);
      if (take > 0) {
        wanted.set(await source.read(extent.offset + from, take), filled);
        filled += take;
      }
      from = Math.max(0, from - extent.length);
    }
    return wanted.subarray(0, filled);
  };
  return { size, read };
}
