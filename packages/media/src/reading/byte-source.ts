/** Bytes that can be read from anywhere within them: a file on a disc, or a stretch of one. */
export interface ByteSource {
  readonly size: number;
  /** The bytes from `offset`; fewer than `length` only where the source ends. */
  read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
}

const PAGE_BYTES = 64 * 1024;
const MOST_PAGES = 32;

/**
 * The same bytes, read in aligned pages of which the last few are kept: file systems are walked in small steps that
 * lie close together. Holds at most 2 MiB.
 */
export function paged(source: ByteSource): ByteSource {
  const pages = new Map<number, Promise<Uint8Array<ArrayBuffer>>>();
  const page = (number: number) => {
    const known = pages.get(number);
    const bytes = known ?? source.read(number * PAGE_BYTES, PAGE_BYTES);
    // Taken out and put in again, it is the one used last.
    pages.delete(number);
    pages.set(number, bytes);
    for (const oldest of pages.keys()) {
      if (pages.size <= MOST_PAGES) break;
      pages.delete(oldest);
    }
    return bytes;
  };
  const read = async (offset: number, length: number) => {
    if (length > PAGE_BYTES) return source.read(offset, length);
    const first = Math.floor(offset / PAGE_BYTES);
    const from = offset - first * PAGE_BYTES;
    const head = (await page(first)).subarray(from, from + length);
    if (head.length === length || from + head.length < PAGE_BYTES) return head;
    const bytes = new Uint8Array(length);
    const tail = (await page(first + 1)).subarray(0, length - head.length);
    bytes.set(head);
    bytes.set(tail, head.length);
    return bytes.subarray(0, head.length + tail.length);
  };
  return { size: source.size, read };
}

/** A view on what was read, for the numbers in it. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Whether these very bytes begin at `at`. */
export function holds(bytes: Uint8Array, at: number, wanted: string): boolean {
  for (let i = 0; i < wanted.length; i++) if (bytes[at + i] !== wanted.charCodeAt(i)) return false;
  return true;
}
