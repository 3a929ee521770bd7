import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { SecretError, readSecret } from './secret.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'filmpost-secret-'));
after(() => rmSync(folder, { recursive: true }));

test('the secret is made once, with 32 random bytes, for the owner alone', () => {
  const secretFile = path.join(folder, 'new/secret');
  const first = readSecret({ secretFile });
  assert.equal(Buffer.from(first.toString(), 'base64url').length, 32);
  assert.deepEqual(readSecret({ secretFile }), first);
  assert.equal(statSync(secretFile).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(path.dirname(secretFile)), ['secret']);
});

test('a secret from the environment wins and leaves no file', () => {
  const secretFile = path.join(folder, 'unused');
  const secret = 'x'.repeat(40);
  assert.equal(readSecret({ secret, secretFile }).toString(), secret);
  assert.equal(readdirSync(folder).includes('unused'), false);
});

test('a secret file that was emptied or cut short is refused', () => {
  const secretFile = path.join(folder, 'short');
  writeFileSync(secretFile, 'abc\n');
  assert.throws(() => readSecret({ secretFile }), SecretError);
});
