import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Environment } from './environment.ts';
import { makeOnce } from './made-once.ts';

/** The secret's file is there but cannot be the secret; going on would make every code and session guessable. */
export class SecretError extends Error {
  override name = 'SecretError';
}

/**
 * The pepper of codes, PINs and sessions, the same in every process of an installation and on every start.
 * Made once when there is none (32 random bytes as base64url, readable by the owner only).
 * @throws SecretError when the file is empty or cut short
 */
export function readSecret({ secret, secretFile }: Pick<Environment, 'secret' | 'secretFile'>): Buffer {
  if (secret) return Buffer.from(secret);
  const found = stored(secretFile) ?? make(secretFile);
  if (found.length < 32) throw new SecretError('SECRET_FILE holds fewer than 32 characters: restore it.');
  return Buffer.from(found);
}

function stored(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function make(file: string): string {
  return makeOnce(file, `${randomBytes(32).toString('base64url')}\n`).trim();
}
