import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Environment } from './environment.ts';

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

/** Written aside and linked into place, so that of two processes starting at once both use the first one's. */
function make(file: string): string {
  mkdirSync(path.dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flush: true });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return readFileSync(file, 'utf8').trim();
}
