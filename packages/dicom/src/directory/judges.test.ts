import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { readFully } from '../../fixtures/reading.ts';
import { CT_IMAGE, dataSetOf } from '../../fixtures/data-sets.ts';
import { WITHOUT_SAMPLES, sampleBytes, samplePath, samples } from '../../fixtures/samples.ts';
import type { Head } from '../head.ts';
import { STORAGE_CLASSES } from '../sop-classes.generated.ts';
import { Tag } from '../tags.ts';
import { EXPLICIT_VR_LITTLE_ENDIAN } from '../transfer-syntaxes.ts';
import { FileSet } from './file-set.ts';
import { recordTypeOf } from './record-types.ts';

const JUDGE = fileURLToPath(new URL('../../judge/pydicom_file_set.py', import.meta.url));
const PYTHON = '/usr/bin/python3';

/** Both streams of a program that may be missing; then the test is skipped, and says so. */
function run(t: TestContext, command: string, ...args: string[]): string | undefined {
  const { error, status, stdout, stderr } = spawnSync(command, args, { maxBuffer: 2 ** 28 });
  if (error) return void t.skip(`${command} is not installed here`);
  assert.equal(status, 0, `${command}: ${stderr}`);
  return stdout.toString('latin1') + stderr.toString('latin1');
}

/** As the profile of a general purpose CD wants it (PS3.11 annex D), which is all that DCMTK's writer takes. */
function isPlain({ transferSyntaxUid, attributes }: Head): boolean {
  return transferSyntaxUid === EXPLICIT_VR_LITTLE_ENDIAN && attributes.has(Tag.specificCharacterSet);
}

/** The samples that can be filed, one file an instance. */
function taken(): { path: string; head: Head }[] {
  const byUid = new Map<string, { path: string; head: Head }>();
  for (const sample of samples()) {
    const result = readFully(sampleBytes(sample));
    if (result.kind !== 'head' || byUid.has(result.head.sopInstanceUid)) continue;
    byUid.set(result.head.sopInstanceUid, { path: samplePath(sample), head: result.head });
  }
  return [...byUid.values()];
}

/**
 * What dicom3tools says of records whose instances have UIDs and nothing else: conditions that nothing made up could
 * meet, a condition it takes for none, and types that are younger than its tables.
 */
const EXPECTED_OF_BARE: Record<string, RegExp> = {
  PRESENTATION: /=<(ReferencedSeries|Blending)Sequence>/,
  SPECTROSCOPY: /=<ReferencedImageEvidenceSequence>/,
  'HANGING PROTOCOL': /=<(Modality|AnatomicRegionSequence|(Reason\w+)?ProcedureCodeSequence)>/,
};
const YOUNGER = /Unrecognized enumerated value <(TRACT|SURFACE SCAN|ASSESSMENT|ANNOTATION|PLAN)>/;

describe('the DICOMDIR of an instance with nothing but UIDs', () => {
  let folder = '';
  before(() => (folder = mkdtempSync(join(tmpdir(), 'dicomdir-'))));
  after(() => rmSync(folder, { recursive: true }));
  const classes = STORAGE_CLASSES.map(([suffix]) => `1.2.840.10008.5.1.4.${suffix}`);

  for (const [type, [sopClassUid = '']] of Map.groupBy(classes, (uid) => recordTypeOf(uid, false)))
    test(`has all that dicom3tools asks of ${type}`, (t) => {
      const fileSet = new FileSet();
      const dataSet = dataSetOf({ '0020000D': ['1.2.3.1'], '0020000E': ['1.2.3.1.1'] });
      fileSet.add({
        fileId: ['IM1'],
        sopClassUid,
        sopInstanceUid: '1.2.3.1.1.1',
        transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN,
        dataSet,
      });
      const path = join(folder, 'DICOMDIR');
      writeFileSync(path, fileSet.dicomdir({ fileSetId: 'BARE', sopInstanceUid: '1.2.3' }));
      const { error, stderr } = spawnSync('dciodvfy', [path]);
      if (error) return t.skip('dciodvfy is not installed here');
      const errors = `${stderr}`
        .split('\n')
        .filter((line) => line.startsWith('Error') && !YOUNGER.test(line));
      assert.deepEqual(
        errors.filter((line) => !EXPECTED_OF_BARE[type]?.test(line)),
        [],
      );
    });
});

describe('the DICOMDIR of every sample', { skip: WITHOUT_SAMPLES }, () => {
  let folder = '';
  let dicomdir = '';
  const all = WITHOUT_SAMPLES === false ? taken() : [];
  const spare = all.find(({ head }) => head.sopClassUid === CT_IMAGE && isPlain(head));
  const listed = all.filter((each) => each !== spare);

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'dicomdir-'));
    mkdirSync(join(folder, 'IMAGES', 'DICOMS'), { recursive: true });
    const fileSet = new FileSet();
    listed.forEach(({ path, head }, index) => {
      const fileId = ['IMAGES', 'DICOMS', `IM${index + 1}`];
      const { sopClassUid, sopInstanceUid, transferSyntaxUid } = head;
      const specificCharacterSet = head.attributes.text(Tag.specificCharacterSet);
      const dataSet = JSON.parse(head.json);
      fileSet.add({ fileId, dataSet, sopClassUid, sopInstanceUid, transferSyntaxUid, specificCharacterSet });
      symlinkSync(path, join(folder, ...fileId));
    });
    dicomdir = join(folder, 'DICOMDIR');
    writeFileSync(dicomdir, fileSet.dicomdir({ fileSetId: 'SAMPLES', sopInstanceUid: '2.25.1' }));
    const within = { fileSetId: 'SAMPLES', sopInstanceUid: '2.25.2', folder: ['IMAGES'] };
    writeFileSync(join(folder, 'IMAGES', 'DICOMDIR'), fileSet.dicomdir(within));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test('is read by DCMTK without a warning', (t) => {
    const output = run(t, 'dcmdump', '-q', '+E', dicomdir);
    if (output !== undefined) assert.doesNotMatch(output, /^[WE]:/m);
  });

  test('has no error for dicom3tools but the UIDs that are wrong in the files', (t) => {
    const { error, stderr } = spawnSync('dciodvfy', [dicomdir]);
    if (error) return t.skip('dciodvfy is not installed here');
    const errors = stderr
      .toString('latin1')
      .split('\n')
      .filter((line) => line.startsWith('Error'));
    const about = errors.filter(
      (line) => !/ UI | UID|invalid data values for Value Representations/.test(line),
    );
    assert.deepEqual(about, []);
    t.diagnostic(`${listed.length} instances, ${errors.length} errors, all of them about UIDs`);
  });

  test('leads dicom3tools to every file', (t) => {
    const output = run(t, 'dcdirdmp', dicomdir);
    if (output === undefined) return;
    const files = [...output.matchAll(/-> (IMAGES\\DICOMS\\IM\d+)/g)].map(([, file]) => file);
    assert.equal(new Set(files).size, listed.length);
  });

  for (const place of ['', 'IMAGES'])
    test(`leads pydicom to every instance from ${place || 'the root'}`, (t) => {
      const output = run(t, PYTHON, JUDGE, join(folder, place, 'DICOMDIR'));
      if (output === undefined) return;
      assert.deepEqual(JSON.parse(output), { id: 'SAMPLES', instances: listed.length, wrong: [] });
    });

  test('lets DCMTK append an instance and keep the others', (t) => {
    assert.ok(spare);
    copyFileSync(dicomdir, join(folder, 'APPENDED'));
    copyFileSync(spare.path, join(folder, 'SPARE'));
    const args = ['-nb', '+A', '+I', '+id', folder, '+D', join(folder, 'APPENDED'), 'SPARE'];
    if (run(t, 'dcmmkdir', ...args) === undefined) return;
    const output = run(t, 'dcdirdmp', join(folder, 'APPENDED')) ?? '';
    assert.equal(output.match(/-> /g)?.length, listed.length + 1);
    assert.match(output, /-> SPARE/);
  });
});
