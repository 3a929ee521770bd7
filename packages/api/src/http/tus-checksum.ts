import { createHash } from 'node:crypto';

/** The digest that the bytes of one request must have (tus 1.0.0, checksum). */
export interface Checksum {
  algorithm: 'sha1' | 'sha256';
  digest: Buffer;
}

/** How many bytes a digest has; the names are those that `Tus-Checksum-Algorithm` lists. */
const DIGEST_BYTES = { sha1: 20, sha256: 32 } as const;
export const CHECKSUM_ALGORITHMS = Object.keys(DIGEST_BYTES).join(',');

/** Raised for bytes that are not what their sender says; they are not kept. */
export class ChecksumMismatch extends Error {
  readonly status_code = 460;
  readonly body = 'These bytes were changed on their way. Send them again.\n';

  constructor() {
    super('checksum mismatch');
    this.name = 'ChecksumMismatch';
  }
}

/** What `Upload-Checksum` asks for; null when it is no algorithm of ours or no digest of it. */
export function checksumAsked(header: string): Checksum | null {
  const [, algorithm = '', base64 = ''] = /^(sha1|sha256) ([\w+/-]+={0,2})$/.exec(header.trim()) ?? [];
  if (algorithm !== 'sha1' && algorithm !== 'sha256') return null;
  const digest = Buffer.from(base64, 'base64');
  return digest.length === DIGEST_BYTES[algorithm] ? { algorithm, digest } : null;
}

/**
 * The same pieces, and an error in place of the last one unless they are what was announced: bytes that nobody has
 * verified must not look complete, not even for a moment, since whoever asks then has them archived.
 * @throws ChecksumMismatch
 */
export async function* verified(
  chunks: AsyncIterable<Buffer>,
  { algorithm, digest }: Checksum,
): AsyncGenerator<Buffer> {
  const hash = createHash(algorithm);
  let last: Buffer | null = null;
  for await (const chunk of chunks) {
    hash.update(chunk);
    if (last) yield last;
    last = chunk;
  }
  if (!hash.digest().equals(digest)) throw new ChecksumMismatch();
  if (last) yield last;
}
