import { createHash } from 'node:crypto';

/**
 * A UID under `2.25` (PS3.5 section B.2) that depends on nothing but its arguments, so the same world is born
 * with the same UIDs everywhere. Version and variant bits are those of a UUID version 8 (RFC 9562).
 *
 * @param seed names the world, for example `demo` or a test's name
 * @param path what the UID is for: `('ada', 'study', 1, 'series', 2)`
 */
export function uidFrom(seed: string, ...path: (string | number)[]): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, ...path]))
    .digest();
  digest[6] = 0x80 | (digest.readUInt8(6) & 0x0f);
  digest[8] = 0x80 | (digest.readUInt8(8) & 0x3f);
  return `2.25.${BigInt(`0x${digest.toString('hex', 0, 16)}`)}`;
}
