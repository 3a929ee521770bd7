import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { readHead } from '@filmpost/dicom/read-head.ts';
import { aDisc } from './dicom/disc.ts';
import { aDiscImage } from './disc-image.ts';
import { WITHOUT_PACS, aPacs } from './pacs.ts';

const SAMPLES_DIR = process.env.SAMPLES_DIR;
const PYTHON = '/usr/bin/python3';
const PYDICOM_JUDGE = path.join(import.meta.dirname, '../../packages/dicom/judge/pydicom_file_set.py');

/** Instances of the sample collection that are whole and begin as PS3.10 wants; each once. */
function sampleInstances(folder: string): Uint8Array[] {
  const lines = readFileSync(path.join(folder, 'expected.jsonl'), 'utf8').trim().split('\n');
  const valid = lines.map((line): { path: string; class?: string } => JSON.parse(line));
  const byUid = new Map<string, Uint8Array>();
  for (const sample of valid) {
    if (sample.class !== 'valid') continue;
    const bytes = readFileSync(path.join(folder, sample.path));
    const read = readHead(bytes, bytes.length);
    if (read.kind === 'head' && !byUid.has(read.head.sopInstanceUid))
      byUid.set(read.head.sopInstanceUid, bytes);
  }
  return [...byUid.values()];
}

/** What a program says, or undefined when it is missing; then the test is skipped, and says so. */
function run(t: TestContext, command: string, ...args: string[]): string | undefined {
  const { error, status, stdout, stderr } = spawnSync(command, args, { maxBuffer: 2 ** 28 });
  if (error) return void t.skip(`${command} is not installed here`);
  assert.equal(status, 0, `${command}: ${stderr}`);
  return `${stdout}${stderr}`;
}

function discJudged(name: string, instances: readonly Uint8Array[]): void {
  describe(`a disc of ${name}, unpacked from its image`, () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'filmpost-image-'));
    const place = path.join(folder, 'disc');
    const disc = aDiscImage(instances);
    let unpacked = false;

    before(() => {
      writeFileSync(path.join(folder, 'disc.iso'), disc.iso);
      const { error } = spawnSync('7z', ['x', `-o${place}`, path.join(folder, 'disc.iso')]);
      unpacked = !error;
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    function judged(sentence: string, judge: (t: TestContext) => void | Promise<void>): void {
      test(sentence, async (t) => (unpacked ? judge(t) : t.skip('7z is not installed here')));
    }

    judged('holds what its manifest says, and nothing more', (t) => {
      const manifest = readFileSync(path.join(place, 'MANIFEST.SHA256'), 'utf8').trim().split('\n');
      const found = readdirSync(place, { recursive: true, withFileTypes: true }).filter((each) =>
        each.isFile(),
      );
      assert.equal(found.length, manifest.length + 1);
      for (const line of manifest) {
        const bytes = readFileSync(path.join(place, line.slice(66)));
        assert.equal(createHash('sha256').update(bytes).digest('hex'), line.slice(0, 64));
      }
      t.diagnostic(`${instances.length} instances, ${disc.iso.length} bytes`);
    });

    for (const where of ['', 'IMAGES'])
      judged(`leads pydicom from ${where || 'the root'} to every instance`, (t) => {
        const output = run(t, PYTHON, PYDICOM_JUDGE, path.join(place, where, 'DICOMDIR'));
        if (output === undefined) return;
        assert.deepEqual(JSON.parse(output), { id: 'IMAGES', instances: instances.length, wrong: [] });
      });

    judged('is read by DCMTK and has no error for dicom3tools but wrong UIDs', (t) => {
      const dicomdir = path.join(place, 'DICOMDIR');
      if (run(t, 'dcmdump', '-q', '+E', dicomdir) === undefined) return;
      const { stderr } = spawnSync('dciodvfy', [dicomdir]);
      const errors = `${stderr}`.split('\n').filter((line) => line.startsWith('Error'));
      const expected = / UI | UID|invalid data values for Value Representations/;
      assert.deepEqual(
        errors.filter((line) => !expected.test(line)),
        [],
      );
      if (disc.invented.length === 0) assert.deepEqual(errors, []);
    });

    judged('is imported by Orthanc from the files that DICOMDIR lists, byte for byte', async (t) => {
      if (WITHOUT_PACS) return t.skip(WITHOUT_PACS);
      const listing = run(t, 'dcdirdmp', path.join(place, 'DICOMDIR'));
      if (listing === undefined) return;
      await using pacs = await aPacs();
      for (const [, fileId = ''] of listing.matchAll(/-> (\S+)/g))
        await pacs.store(readFileSync(path.join(place, ...fileId.split('\\'))));
      assert.deepEqual(digests(await pacs.files()), digests(instances));
    });

    test('is imported by Orthanc from its ZIP in one go', { skip: WITHOUT_PACS }, async () => {
      await using pacs = await aPacs();
      await pacs.store(disc.zip);
      assert.deepEqual(digests(await pacs.files()), digests(instances));
    });
  });
}

function digests(files: readonly Uint8Array[]): string[] {
  return files.map((bytes) => createHash('sha256').update(bytes).digest('hex')).sort();
}

discJudged(
  'synthetic studies',
  aDisc().instances.map((instance) => instance.bytes),
);
if (SAMPLES_DIR) discJudged('the sample collection', sampleInstances(SAMPLES_DIR));

test('a disc is the same bytes every time', () => {
  const instances = aDisc().instances.map((instance) => instance.bytes);
  const [one, other] = [aDiscImage(instances), aDiscImage(instances)];
  assert.ok(Buffer.from(one.iso).equals(other.iso));
  assert.ok(Buffer.from(one.zip).equals(other.zip));
});

test('the image of a disc passes sha256sum where it was unpacked', (t) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'filmpost-image-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(path.join(folder, 'disc.zip'), aDiscImage(aDisc().instances.map(({ bytes }) => bytes)).zip);
  const place = path.join(folder, 'disc');
  if (run(t, '7z', 'x', `-o${place}`, path.join(folder, 'disc.zip')) === undefined) return;
  const checked = execFileSync('sha256sum', ['-c', '--strict', 'MANIFEST.SHA256'], { cwd: place }).toString();
  assert.doesNotMatch(checked, /FAILED/);
});
