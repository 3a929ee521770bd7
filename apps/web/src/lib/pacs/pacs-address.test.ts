import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authorizationOf, typedAddress } from './pacs-address.ts';

const page = new URL('https://exchange.example/view/s/pacs');

test('an address is taken with and without its end', () => {
  for (const typed of [
    'https://pacs.example/dicom-web',
    ' https://pacs.example/dicom-web/ ',
    'https://pacs.example/dicom-web/studies/',
    'pacs.example/dicom-web',
  ]) {
    assert.deepEqual(typedAddress(typed, page), {
      kind: 'good',
      studies: 'https://pacs.example/dicom-web/studies',
    });
  }
});

test('what cannot work is said before anything is sent', () => {
  for (const [typed, sentence] of [
    ['', /Type the address/],
    ['https://', /no address/],
    ['https://me:secret@pacs.example', /Leave name and password out/],
    ['https://pacs.example/?key=1', /question mark/],
    ['https://exchange.example/dicomweb', /this exchange/],
    ['http://pacs.example/dicom-web', /https addresses only/],
  ] as const) {
    const found = typedAddress(typed, page);
    assert.ok(found.kind === 'bad' && sentence.test(found.sentence), typed);
  }
});

test('a PACS on this computer, or a page without https, may do without', () => {
  assert.equal(typedAddress('http://localhost:8042/dicom-web', page).kind, 'good');
  const plain = new URL('http://exchange.local/view');
  assert.equal(typedAddress('http://pacs.local/dicom-web', plain).kind, 'good');
});

test('credentials go into a header, in any script', () => {
  assert.equal(authorizationOf({ kind: 'none' }), null);
  assert.equal(authorizationOf({ kind: 'bearer', token: ' abc ' }), 'Bearer abc');
  const basic = authorizationOf({ kind: 'basic', name: 'jörg', password: 'p:w' });
  assert.equal(Buffer.from(basic?.slice(6) ?? '', 'base64').toString('utf8'), 'jörg:p:w');
});
