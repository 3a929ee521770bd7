import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  randomInt,
} from 'node:crypto';

/**
 * Keeps what must be found by value, or shown again, out of the database in clear.
 *
 * Codes and PINs are shorter than 112 bits and must be looked up, so a salted hash cannot be their index
 * (OWASP ASVS 5.0, 6.5.2): the index is an HMAC whose key lives outside the database, and the text itself is
 * sealed with AES-256-GCM for reprinting.
 */
export class Vault {
  readonly #indexKey: Buffer;
  readonly #sealKey: Buffer;

  /** @param secret at least 32 random bytes, the same for every process of one exchange */
  constructor(secret: Buffer) {
    if (secret.length < 32) throw new RangeError('The exchange secret must be at least 32 bytes long.');
    this.#indexKey = Buffer.from(hkdfSync('sha256', secret, '', 'filmpost index', 32));
    this.#sealKey = Buffer.from(hkdfSync('sha256', secret, '', 'filmpost seal', 32));
  }

  /** HMAC-SHA-256 of `text` within a `purpose`, so that a PIN's index says nothing about an equal code. */
  index(purpose: string, text: string): Buffer {
    return createHmac('sha256', this.#indexKey).update(purpose).update('\0').update(text).digest();
  }

  seal(text: string): Buffer {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#sealKey, iv);
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), body]);
  }

  open(sealed: Buffer): string {
    const decipher = createDecipheriv('aes-256-gcm', this.#sealKey, sealed.subarray(0, 12));
    decipher.setAuthTag(sealed.subarray(12, 28));
    return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString('utf8');
  }
}

/** A bearer secret of 256 random bits in base64url, and the digest under which it is stored. */
export function aToken(): { token: string; hash: Buffer } {
  const token = randomToken();
  return { token, hash: tokenHash(token) };
}

/** 256 random bits in base64url. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Tokens carry 256 bits, so a plain SHA-256 suffices as their index. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** `length` symbols drawn without bias from `alphabet` by the operating system's generator. */
export function randomSymbols(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}
