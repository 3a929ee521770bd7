import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { SigningKeyError, readSigningKey } from './signing-key.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'filmpost-signing-'));
after(() => rmSync(folder, { recursive: true }));

test('the signing key is made once, beside the secret, for the owner alone', () => {
  const secretFile = path.join(folder, 'new/secret');
  const first = readSigningKey({ secretFile });
  assert.match(first.keyId, /^[0-9a-f]{16}$/);
  assert.deepEqual(readSigningKey({ secretFile }).publicKey, first.publicKey);
  assert.deepEqual(readdirSync(path.dirname(secretFile)), ['signing-key.pem']);
  assert.equal(statSync(path.join(folder, 'new/signing-key.pem')).mode & 0o777, 0o600);
});

test('what it signs is verified by the key it publishes, raw or as PEM, and nothing else is', () => {
  const key = readSigningKey({ secretFile: path.join(folder, 'secret') });
  const bytes = Buffer.from('what left');
  const signature = key.sign(bytes);
  assert.equal(signature.length, 64);
  const raw = { kty: 'OKP', crv: 'Ed25519', x: key.publicKey.toString('base64url') };
  for (const shared of [createPublicKey(key.publicPem), createPublicKey({ key: raw, format: 'jwk' })]) {
    assert.ok(verify(null, bytes, shared, signature));
    assert.ok(!verify(null, Buffer.from('what did not'), shared, signature));
  }
});

test('a key file that was cut short or holds another kind of key is refused', () => {
  const other = generateKeyPairSync('x25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  for (const [at, text] of ['', '-----BEGIN PRIVATE KEY-----\n', other].entries()) {
    const secretFile = path.join(folder, `broken-${at}`, 'secret');
    readSigningKey({ secretFile });
    writeFileSync(path.join(path.dirname(secretFile), 'signing-key.pem'), text);
    assert.throws(() => readSigningKey({ secretFile }), SigningKeyError);
  }
});
