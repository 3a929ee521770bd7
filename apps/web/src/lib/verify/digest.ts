import { createSHA256 } from 'hash-wasm';
import type { PackageFile } from './package-files.ts';

/** Up to here a file is held in memory and hashed by the browser itself, which is several times as fast. */
const HELD_BYTES = 32 * 1024 * 1024;

/** What is read is longer or shorter than its folder or container says. */
export class NotAsLong extends Error {
  constructor() {
    super('The file is not as long as it should be.');
    this.name = 'NotAsLong';
  }
}

/**
 * SHA-256 of a file, lower case hexadecimal. Browsers hash only what is in memory, and only on secure origins; the rest
 * is hashed piece by piece.
 * @param onbytes told how many bytes were read since it was told last
 * @throws NotAsLong, DOMException
 */
export async function sha256Of(file: PackageFile, onbytes: (bytes: number) => void): Promise<string> {
  return file.size <= HELD_BYTES && globalThis.crypto.subtle
    ? hex(new Uint8Array(await crypto.subtle.digest('SHA-256', await wholeOf(file, onbytes))))
    : streamed(file, onbytes);
}

/** All of a file. @throws NotAsLong, DOMException */
export async function wholeOf(
  file: PackageFile,
  onbytes: (bytes: number) => void = () => undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const whole = new Uint8Array(file.size);
  let at = 0;
  for await (const piece of piecesOf(file)) {
    whole.set(piece, at);
    at += piece.length;
    onbytes(piece.length);
  }
  return whole;
}

async function streamed(file: PackageFile, onbytes: (bytes: number) => void): Promise<string> {
  const hasher = await createSHA256();
  for await (const piece of piecesOf(file)) {
    hasher.update(piece);
    onbytes(piece.length);
  }
  return hasher.digest('hex');
}

/** Never more than the file's size: a hostile archive could go on for ever. */
async function* piecesOf({ open, size }: PackageFile): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = open?.().getReader();
  let left = size;
  try {
    for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
      left -= next.value.length;
      if (left < 0) throw new NotAsLong();
      yield next.value;
    }
  } finally {
    await reader?.cancel().catch(() => undefined);
  }
  if (left > 0) throw new NotAsLong();
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
