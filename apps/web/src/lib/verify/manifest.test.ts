import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UnreadableManifest, findManifest, readManifest } from './manifest.ts';

const digest = 'ab'.repeat(32);

test('a list is read as sha256sum writes it, on any system', () => {
  const lines = readManifest(`${digest}  README.TXT\r\n${digest.toUpperCase()} *IMAGES/A B\n`);
  assert.deepEqual(lines, [
    { path: 'README.TXT', sha256: digest },
    { path: 'IMAGES/A B', sha256: digest },
  ]);
});

test('a line that is none is named', () => {
  assert.throws(
    () => readManifest(`${digest}  A\n${digest.slice(1)}  B\n`),
    (error) => error instanceof UnreadableManifest && error.line === 2,
  );
});

test('the outermost list is the package’s, and its signature lies beside it', () => {
  const place = findManifest([
    'out/in/MANIFEST.SHA256',
    'out/in/MANIFEST.SIG',
    'out/MANIFEST.SHA',
    'README.TXT',
  ]);
  assert.deepEqual(place, { root: 'out/', manifest: 'out/MANIFEST.SHA', signature: null });
  assert.equal(findManifest(['README.TXT']), null);
});
