/** Reads a head from wherever its file lies, fetching no more of it than that takes. */

import { joined } from './bytes.ts';
import { stretchesAround } from './gaps.ts';
import type { Gap } from './gaps.ts';
import { readHead } from './read-head.ts';
import type { HeadResult, ReadHeadOptions } from './reading.ts';

/** Reads `length` bytes at `offset` of the file; fewer only at its end. */
export type ReadBytes = (offset: number, length: number) => Promise<Uint8Array>;
/** The same, for those who need not wait for it. */
export type ReadBytesNow = (offset: number, length: number) => Uint8Array;

export interface HeadFile {
  size: number;
  read: ReadBytes;
  /** A beginning that is at hand anyway. */
  beginning?: Uint8Array;
  /** As `ReadHeadOptions.inflate`, for those who can only do it while others go on: browsers. */
  inflate?: (bytes: Uint8Array, maxOutput: number) => Promise<Uint8Array>;
}

const FIRST_BYTES = 64 * 1024;

async function fetchAround(read: ReadBytes, gaps: readonly Gap[], needed: number): Promise<Uint8Array> {
  const stretches = stretchesAround(gaps, needed);
  if (stretches.length === 1) return read(...stretches[0]!);
  const whole = new Uint8Array(needed);
  let at = 0;
  for (const [offset, length] of stretches) {
    const piece = await read(offset, length);
    whole.set(piece, at);
    at += piece.length;
    if (piece.length < length) break;
  }
  return whole.subarray(0, at);
}

/** The first reading tells what to inflate, the second is given it. */
async function readInflating(
  bytes: Uint8Array,
  { size, inflate }: HeadFile,
  options: ReadHeadOptions,
): Promise<HeadResult> {
  if (inflate === undefined) return readHead(bytes, size, options);
  const asked: [bytes: Uint8Array, maxOutput: number][] = [];
  const ask = (...question: [Uint8Array, number]) => {
    asked.push(question);
    return new Uint8Array();
  };
  const result = readHead(bytes, size, { ...options, inflate: ask });
  if (asked[0] === undefined) return result;
  const answer = await inflate(...asked[0]).then(
    (inflated) => () => inflated,
    (error: unknown) => () => {
      throw error;
    },
  );
  return readHead(bytes, size, { ...options, inflate: answer });
}

/**
 * The head of a file of any size. Values that are linked are skipped, not read. `more` remains when the file gave
 * fewer bytes than its size promised.
 * @throws what `read` throws
 */
export async function readHeadFrom(file: HeadFile, options: ReadHeadOptions = {}): Promise<HeadResult> {
  const { size, read } = file;
  let bytes = file.beginning ?? (await read(0, Math.min(size, FIRST_BYTES)));
  for (let gaps: readonly Gap[] = []; ;) {
    const result = await readInflating(bytes, file, { ...options, gaps });
    if (result.kind !== 'more') return result;
    gaps = result.gaps;
    bytes = await fetchAround(read, gaps, result.needed);
    if (bytes.length < result.needed) return result;
  }
}

/** As `readHeadFrom`, of a file that is read without waiting. */
export function readHeadNow(size: number, read: ReadBytesNow, options: ReadHeadOptions = {}): HeadResult {
  let bytes = read(0, Math.min(size, FIRST_BYTES));
  for (let gaps: readonly Gap[] = []; ;) {
    const result = readHead(bytes, size, { ...options, gaps });
    if (result.kind !== 'more') return result;
    gaps = result.gaps;
    const stretches = stretchesAround(gaps, result.needed);
    bytes = joined(stretches.map(([offset, length]) => read(offset, length)));
    if (bytes.length < result.needed) return result;
  }
}
