import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { aDisc } from './disc.ts';
import { writeDemoDisc } from './demo-disc.ts';
import { writeDicomdir } from './dicomdir.ts';

describe('a disc as found in life', () => {
  const disc = aDisc();
  const paths = disc.files.map((file) => file.path);
  const bytesOf = (name: string) => Buffer.from(disc.files.find((file) => file.path === name)?.bytes ?? []);

  test('is the same every time and names no file twice', () => {
    assert.deepEqual(aDisc().files, disc.files);
    assert.equal(new Set(disc.files.map((file) => file.pathOnDisk.toLowerCase())).size, paths.length);
  });

  test('holds instances without extension in numbered folders', () => {
    assert.equal(disc.instances.length, 18);
    assert.ok(disc.instances.every((file) => /^DICOM\/ST\d{6}\/SE\d{6}\/IM\d{6}$/.test(file.path)));
    assert.equal(disc.files.filter((file) => file.instance).length, 18);
  });

  test('holds studies of two patients, one of whom does not belong there', () => {
    assert.deepEqual(
      [...new Set(disc.studies.map((study) => study.patient.name))],
      ['Lovelace^Ada', 'Lovelace^Noah'],
    );
  });

  test('carries the litter of a burning station', () => {
    assert.equal(bytesOf('VIEWER.EXE').toString('latin1', 0, 2), 'MZ');
    assert.equal(bytesOf('VIEWER/SPLASH.JPG').toString('hex', 0, 3), 'ffd8ff');
    assert.match(bytesOf('AUTORUN.INF').toString(), /^\[autorun\]\r\n/);
    assert.ok(['README.HTM', 'Thumbs.db', 'VIEWER/CODEC.DLL'].every((name) => paths.includes(name)));
  });

  test('carries disguised, truncated, empty and impossibly named files unless tame', () => {
    assert.notEqual(bytesOf('fake.dcm').toString('latin1', 128, 132), 'DICM');
    assert.equal(bytesOf('DICOM/CUT').toString('latin1', 128, 132), 'DICM');
    assert.equal(bytesOf('DICOM/EMPTY').length, 0);
    const odd = disc.files.find((file) => file.path !== file.pathOnDisk);
    assert.equal(odd?.path.length, 300);
    assert.ok(
      Buffer.byteLength(odd.pathOnDisk) <= 255 &&
        odd.pathOnDisk.isWellFormed() &&
        odd.pathOnDisk.endsWith('.dcm'),
    );
    assert.equal(aDisc({ tame: true }).files.length, paths.length - 4);
  });
});

describe('a DICOMDIR', () => {
  const disc = aDisc();
  const bytes = Buffer.from(disc.files[0]?.bytes ?? []);

  /** Follows the offsets as an importer does and lists record types with their depth. */
  function walk(offset: number, depth: number): string[] {
    if (offset === 0) return [];
    assert.equal(bytes.readUInt32LE(offset).toString(16), 'e000fffe', `an item starts at ${offset}`);
    const next = bytes.readUInt32LE(offset + 16);
    const lower = bytes.readUInt32LE(offset + 38);
    const type = bytes.toString('latin1', offset + 50, offset + 50 + bytes.readUInt16LE(offset + 48)).trim();
    return [`${depth} ${type}`, ...walk(lower, depth + 1), ...walk(next, depth)];
  }

  test('leads by its offsets to every patient, study, series and image of the disc', () => {
    const firstRecord = bytes.indexOf(Buffer.from('04000012554c0400', 'hex')) + 8;
    const found = walk(bytes.readUInt32LE(firstRecord), 0);
    const count = (type: string) => found.filter((each) => each === type).length;
    assert.deepEqual(
      [count('0 PATIENT'), count('1 STUDY'), count('2 SERIES'), count('3 IMAGE'), found.length],
      [2, 4, 5, 18, 29],
    );
  });

  test('of nothing is still a file', () => {
    assert.equal(Buffer.from(writeDicomdir('EMPTY', [])).toString('latin1', 128, 132), 'DICM');
  });
});

describe('the demo disc', () => {
  let directory = '';
  before(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'disc-'));
    await writeDemoDisc(directory);
  });
  after(() => rm(directory, { recursive: true }));

  test('holds a chest in two views, a CT of 60 slices, a DICOMDIR and litter', async () => {
    const names = await readdir(directory, { recursive: true });
    const images = names.filter((name) => /IM\d{6}$/.test(name));
    assert.equal(images.filter((name) => name.includes('ST000001')).length, 2);
    assert.equal(images.filter((name) => name.includes('ST000002')).length, 60);
    for (const name of ['DICOMDIR', 'AUTORUN.INF', 'VIEWER.EXE', 'README.HTM'])
      assert.ok(names.includes(name), name);
    assert.ok(!names.includes('fake.dcm'));
    const one = await readFile(path.join(directory, 'DICOM/ST000001/SE000001/IM000001'), 'latin1');
    assert.ok(one.includes('Anthony^Ryan') && one.includes('19861229'));
  });

  test('is left alone when it is whole, and finished when it is not', async () => {
    const dicomdir = path.join(directory, 'DICOMDIR');
    const [before, long] = [await readFile(dicomdir), new Date('2026-01-01T00:00:00Z')];
    await utimes(dicomdir, long, long);
    await writeDemoDisc(directory);
    assert.equal((await stat(dicomdir)).mtimeMs, long.getTime());
    await rm(dicomdir);
    await writeDemoDisc(directory);
    assert.ok((await readFile(dicomdir)).equals(before));
  });
});
