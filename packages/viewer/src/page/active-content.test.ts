import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { onePagePdf } from '@filmpost/tests/world/dicom/report.ts';
import { hasActiveContent } from './active-content.ts';

const bytes = (file: Uint8Array) => new Uint8Array(file);
const plain = Buffer.from(onePagePdf('Discharge letter')).toString('latin1');
const withCatalog = (entry: string) =>
  bytes(Buffer.from(plain.replace('/Type /Catalog', `/Type /Catalog ${entry}`), 'latin1'));

/** A file whose last object holds others, compressed. */
function withObjectStream(objects: string, { filter = '/FlateDecode', encrypted = false } = {}) {
  const packed = deflateSync(Buffer.from(objects, 'latin1')).toString('latin1');
  const data = filter === '/FlateDecode' ? packed : Buffer.from(packed, 'latin1').toString('hex');
  const stream = `9 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter ${filter} /Length ${data.length} >>\nstream\n${data}\nendstream\nendobj\n`;
  return bytes(Buffer.from(`${plain}${stream}${encrypted ? 'trailer << /Encrypt 8 0 R >>' : ''}`, 'latin1'));
}

test('a page of text is harmless, also with a place to open at and links', async () => {
  assert.equal(await hasActiveContent(bytes(onePagePdf('Discharge letter'))), false);
  assert.equal(await hasActiveContent(withCatalog('/OpenAction [3 0 R /Fit]')), false);
  assert.equal(await hasActiveContent(withCatalog('/A << /S /URI /URI (http://clinic.example/) >>')), false);
});

test('scripts, launched programs, sent forms and films are not', async () => {
  for (const kind of ['JavaScript', 'Launch', 'SubmitForm', 'ImportData', 'Rendition'])
    assert.equal(await hasActiveContent(withCatalog(`/OpenAction << /S /${kind} >>`)), true, kind);
  assert.equal(await hasActiveContent(withCatalog('/AcroForm << /XFA 5 0 R >>')), true);
});

test('a name written in digits is the same name', async () => {
  assert.equal(await hasActiveContent(withCatalog('/OpenAction << /S /Java#53cript >>')), true);
});

test('compressed objects are looked into', async () => {
  assert.equal(await hasActiveContent(withObjectStream('7 0 << /Type /Page >>')), false);
  assert.equal(await hasActiveContent(withObjectStream('7 0 << /S /JavaScript /JS (x) >>')), true);
});

test('what cannot be looked into counts as active', async () => {
  const harmless = '7 0 << /Type /Page >>';
  assert.equal(await hasActiveContent(withObjectStream(harmless, { encrypted: true })), true);
  assert.equal(await hasActiveContent(withObjectStream(harmless, { filter: '/ASCIIHexDecode' })), true);
});

const samples = path.join(process.env.SAMPLES_DIR ?? '', 'pdf');
const known = Boolean(process.env.SAMPLES_DIR) && existsSync(samples);
test(
  'sample documents with scripts are found out',
  { skip: !known && 'SAMPLES_DIR is not set' },
  async () => {
    const files = globSync('scripts/**/*.pdf', { cwd: samples });
    assert.ok(files.length > 0);
    const missed: string[] = [];
    for (const file of files)
      if (!(await hasActiveContent(bytes(readFileSync(path.join(samples, file)))))) missed.push(file);
    assert.deepEqual(missed, []);
  },
);
