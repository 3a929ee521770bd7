import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { crc32 } from 'node:zlib';
import { anInstance } from '../../world/dicom/instance.ts';
import type { Instance } from '../../world/dicom/modules.ts';
import { transferSyntaxes } from '../../world/dicom/part10.ts';
import { storeFiles } from '../../world/stored.ts';
import { unzipped } from '../../world/unzipped.ts';
import { type Clinic, aClinic, bytesOf, partsOf, pathOf } from './clinic.ts';

let clinic: Clinic;
let number = 0;
before(async () => (clinic = await aClinic()));
after(() => clinic.close());

type Options = Parameters<typeof anInstance>[0];

function withPreamble(preamble: Uint8Array, options: Options = {}): Instance {
  const instance = anInstance({ study: { key: `preamble ${(number += 1)}` }, ...options });
  const bytes = Buffer.from(instance.bytes);
  bytes.set(preamble);
  return { ...instance, bytes };
}

async function stored(instance: Instance): Promise<Instance> {
  const files = [{ path: 'IM000001', bytes: instance.bytes }];
  await storeFiles(clinic.world.exchange, clinic.facility, { files, device: clinic.device });
  return instance;
}

function rowOf({ sopInstanceUid }: Instance) {
  return clinic.world.exchange.db
    .selectFrom('instance')
    .select(['preamble', 'sha256', 'crc32', 'servedSha256', 'servedCrc32', 'byteLength'])
    .where('sopInstanceUid', '=', sopInstanceUid)
    .executeTakeFirst();
}

/** The instance as every door gives it; all of them give the same. */
async function served(instance: Instance): Promise<Buffer> {
  const single = await bytesOf(await clinic.machine.ask(pathOf(instance), { accept: 'application/dicom' }));
  const [part] = await partsOf(await clinic.machine.ask(pathOf(instance)));
  assert.ok(part?.bytes.equals(single), 'WADO-RS gives one thing in both forms');
  const recipient = await clinic.recipientOf([instance.studyInstanceUid]);
  const { id } = await clinic.world.exchange.db
    .selectFrom('study')
    .select('id')
    .where('studyInstanceUid', '=', instance.studyInstanceUid)
    .executeTakeFirstOrThrow();
  const shareId = recipient.root.split('/').at(-1);
  const url = `${clinic.world.url}/downloads/${shareId}/exams.zip?exam=${id}`;
  // Checks the checksums of its members.
  const files = [...unzipped(await bytesOf(await fetch(url, { headers: recipient.papers }))).values()];
  assert.ok(
    files.some((file) => file.equals(single)),
    'the ZIP holds what WADO-RS gives',
  );
  return single;
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

test('empty and TIFF preambles leave as they came', async () => {
  const tiffs = [Buffer.from('II*\0\x10\0\0\0 a tiff', 'latin1'), Buffer.from('MM\0*\0\0\0\x10', 'latin1')];
  for (const preamble of [Buffer.alloc(0), ...tiffs]) {
    const instance = await stored(withPreamble(preamble));
    assert.ok((await served(instance)).equals(instance.bytes));
    const row = await rowOf(instance);
    assert.equal(row?.preamble, preamble.length > 0 ? 'tiff' : 'zero');
    assert.equal(row?.servedSha256, null);
  }
});

test('any other preamble leaves as zeros, and both digests are kept', async () => {
  for (const [size, preamble] of [
    [64, Buffer.from('@echo off & del files')],
    [64, Buffer.alloc(128, 0x41)],
    // Larger than what is digested in one piece.
    [2200, Buffer.from('GIF89a and so on')],
  ] as const) {
    const instance = await stored(withPreamble(preamble, { rows: size, columns: size }));
    const given = await served(instance);
    const expected = Buffer.from(instance.bytes).fill(0, 0, 128);
    assert.ok(given.equals(expected));
    const row = await rowOf(instance);
    assert.equal(row?.preamble, 'other');
    assert.ok(row?.sha256.equals(sha256(instance.bytes)), 'as received');
    assert.ok(row?.servedSha256?.equals(sha256(expected)), 'as served');
    assert.equal(row?.crc32, crc32(instance.bytes));
    assert.equal(row?.servedCrc32, crc32(expected));
  }
});

test('what begins like a program, a document or a page is not taken at all', async () => {
  const programs = [
    'MZ',
    '\x7fELF',
    '\xfe\xed\xfa\xce',
    '\xfe\xed\xfa\xcf',
    '\xce\xfa\xed\xfe',
    '\xcf\xfa\xed\xfe',
  ];
  const fat = ['\xca\xfe\xba\xbe', '\xbe\xba\xfe\xca', '\xca\xfe\xba\xbf', '\xbf\xba\xfe\xca'];
  const pages = ['<html>', ' \r\n<!doctype html>', '\xef\xbb\xbf<svg>', '%PDF-1.4', 'x\n%PDF-1.7'];
  for (const begin of [...programs, ...fat, ...pages, '#!/bin/sh', 'PK\x03\x04', '\0asm\x01\0\0\0']) {
    const instance = withPreamble(Buffer.from(begin, 'latin1'));
    await stored(instance);
    assert.equal(await rowOf(instance), undefined, JSON.stringify(begin));
    const aside = await clinic.world.exchange.db
      .selectFrom('setAside')
      .select('reason')
      .orderBy('id', 'desc')
      .executeTakeFirst();
    assert.equal(aside?.reason, 'program-preamble', JSON.stringify(begin));
  }
});

/** Files that are no DICOM files: nothing before the data set, no preamble, no file meta information. */
function headless(): Record<string, Instance> {
  const bare = (transferSyntaxUid: string) =>
    anInstance({ study: { key: `headless ${(number += 1)}` }, transferSyntaxUid, bareDataSet: true });
  const cut = (from: number) => {
    const whole = anInstance({ study: { key: `headless ${(number += 1)}` } });
    return { ...whole, bytes: whole.bytes.subarray(from) };
  };
  const marked = bare(transferSyntaxes.explicitVrLittleEndian);
  const mark = Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), marked.bytes]);
  return {
    'an implicit data set': bare(transferSyntaxes.implicitVrLittleEndian),
    'an explicit data set': bare(transferSyntaxes.explicitVrLittleEndian),
    'a big endian data set': bare(transferSyntaxes.explicitVrBigEndian),
    'a file without preamble': cut(128),
    'a file without preamble and mark': cut(132),
    'a file without meta information': { ...marked, bytes: mark },
  };
}

test('what came without a DICOM file’s beginning leaves with one, and its data set untouched', async () => {
  for (const [what, instance] of Object.entries(headless())) {
    await stored(instance);
    const given = await served(instance);
    assert.equal(
      given.subarray(0, 128).every((byte) => byte === 0),
      true,
      what,
    );
    assert.equal(given.toString('latin1', 128, 132), 'DICM', what);
    const tail = Buffer.from(instance.bytes).subarray(what.endsWith('meta information') ? 132 : 0);
    assert.ok(given.subarray(-tail.length).equals(tail), `${what}: the stored bytes follow`);
    assert.ok((await served(instance)).equals(given), `${what}: the same again`);
    const row = await rowOf(instance);
    assert.ok(row?.servedSha256?.equals(sha256(given)), what);
    assert.ok(row?.sha256.equals(sha256(instance.bytes)), what);
    assert.equal(judged(given), null, what);
  }
});

test('what every door gives is a DICOM file to others too', { skip: judgesMissing() }, async () => {
  const strange = await stored(withPreamble(Buffer.from('something else entirely')));
  assert.equal(judged(await served(strange)), null);
  assert.notEqual(judged(Buffer.from('something else entirely')), null, 'the judges can say no');
});

function judgesMissing(): string | false {
  for (const judge of ['dcmdump', 'file']) {
    try {
      execFileSync(judge, ['--version'], { stdio: 'ignore' });
    } catch {
      return `${judge} is not installed here`;
    }
  }
  return false;
}

/** What dcmdump and file(1) have against these bytes; null for nothing. */
function judged(bytes: Uint8Array): string | null {
  if (judgesMissing()) return null;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'filmpost-judged-'));
  const file = path.join(folder, 'IM1');
  try {
    writeFileSync(file, bytes);
    const kind = execFileSync('file', ['--brief', file], { encoding: 'utf8' });
    if (!/DICOM/.test(kind)) return kind;
    // +fo: files alone; a bare data set fails.
    const dumped = execFileSync('dcmdump', ['+fo', '+P', '0008,0018', file], { encoding: 'utf8' });
    return dumped.includes('(0008,0018)') ? null : 'dcmdump finds no SOP Instance UID';
  } catch (error) {
    return error instanceof Error ? error.message : 'refused';
  } finally {
    rmSync(folder, { recursive: true });
  }
}
