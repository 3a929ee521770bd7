import {
  type KeyObject,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
} from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Environment } from './environment.ts';
import { makeOnce } from './made-once.ts';

/** Raw Ed25519 keys are the last 32 bytes of their SubjectPublicKeyInfo (RFC 8410 4). */
const RAW_BYTES = 32;

/** The key by which an exchange proves what it gave out (Ed25519, RFC 8032). */
export interface SigningKey {
  /** The first 16 hexadecimal digits of the SHA-256 of the raw public key. */
  readonly keyId: string;
  /** Raw, 32 bytes. */
  readonly publicKey: Buffer;
  /** SubjectPublicKeyInfo, as `openssl` reads it. */
  readonly publicPem: string;
  /** The signature of `bytes`, 64 bytes. */
  sign(bytes: Uint8Array): Buffer;
}

/** The signing key's file is there and holds no Ed25519 key; making another would disown every package given out. */
export class SigningKeyError extends Error {
  override name = 'SigningKeyError';
}

/**
 * The key beside the secret's file, the same in every process of an installation and on every start. Made once when
 * there is none; the private part stands nowhere else.
 * @throws SigningKeyError
 */
export function readSigningKey({ secretFile }: Pick<Environment, 'secretFile'>): SigningKey {
  const file = path.join(path.dirname(secretFile), 'signing-key.pem');
  return signingKey(privateKey(stored(file) ?? makeOnce(file, newKey())));
}

function stored(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function newKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function privateKey(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // What OpenSSL says of a broken key may repeat parts of it.
  }
  throw new SigningKeyError('signing-key.pem, beside the secret, holds no Ed25519 key: restore it.');
}

function signingKey(key: KeyObject): SigningKey {
  const shared = createPublicKey(key);
  const publicKey = shared.export({ type: 'spki', format: 'der' }).subarray(-RAW_BYTES);
  return {
    keyId: createHash('sha256').update(publicKey).digest('hex').slice(0, 16),
    publicKey,
    publicPem: shared.export({ type: 'spki', format: 'pem' }).toString(),
    sign: (bytes) => sign(null, bytes, key),
  };
}
