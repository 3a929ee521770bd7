import assert from 'node:assert/strict';
import { type SpawnSyncOptions, spawnSync } from 'node:child_process';
import path from 'node:path';
import type { TestContext } from 'node:test';

const PYTHON = '/usr/bin/python3';
const PYDICOM = path.join(import.meta.dirname, '../../packages/dicom/judge/pydicom_file_set.py');
/** What dicom3tools says of UIDs that are wrong in the files already; DICOMDIR must repeat them. */
const ABOUT_UIDS = / UI | UID|invalid data values for Value Representations/;

/**
 * What an outside program says, on both streams; where it is missing the test is skipped, and says so.
 *
 * @throws {assert.AssertionError} where it ends with anything but 0
 */
export function judgedBy(
  t: TestContext,
  [command = '', ...args]: readonly string[],
  options: SpawnSyncOptions = {},
): string | undefined {
  const { error, status, stdout, stderr } = spawnSync(command, args, { maxBuffer: 2 ** 28, ...options });
  if (error) return void t.skip(`${command} is not installed here`);
  const said = `${stdout}${stderr}`;
  assert.equal(status, 0, `${command}: ${said}`);
  return said;
}

/** A ZIP whole and unharmed, for whoever unpacks them. */
export function judgeZip(t: TestContext, file: string): void {
  judgedBy(t, ['unzip', '-tq', file]);
  judgedBy(t, ['7z', 't', file]);
  judgedBy(t, ['bsdtar', '-tf', file]);
  const script = 'import sys,zipfile; assert zipfile.ZipFile(sys.argv[1]).testzip() is None';
  judgedBy(t, ['python3', '-c', script, file]);
}

/** A disk image that can be read by its level 1 names and by those of Joliet. */
export function judgeDiskImage(t: TestContext, file: string): void {
  judgedBy(t, ['7z', 't', file]);
  const joliet = judgedBy(t, ['isoinfo', '-J', '-f', '-i', file]);
  if (joliet !== undefined) assert.match(joliet, /^\/MANIFEST\.SHA256(;1)?$/m);
  const levelOne = judgedBy(t, ['isoinfo', '-f', '-i', file]);
  if (levelOne !== undefined) assert.match(levelOne, /^\/MANIFEST\.SHA;1$/m);
  judgedBy(t, ['bsdtar', '-tf', file]);
  judgedBy(t, ['xorriso', '-abort_on', 'WARNING', '-indev', file, '-find', '/']);
}

/**
 * A DICOMDIR as DCMTK, dicom3tools and pydicom understand it, with so many instances.
 *
 * @param wrongUids whether files have UIDs that are none
 */
export function judgeDicomdir(
  t: TestContext,
  dicomdir: string,
  { id, instances, wrongUids = false }: { id: string; instances: number; wrongUids?: boolean },
): void {
  assert.doesNotMatch(judgedBy(t, ['dcmdump', '-q', '+E', dicomdir]) ?? '', /^[WE]:/m);
  const listing = judgedBy(t, ['dcdirdmp', dicomdir]);
  if (listing !== undefined) assert.equal(listing.match(/-> /g)?.length, instances);
  // It ends with 1 for any error, and some errors are the files'.
  const { stderr } = spawnSync('dciodvfy', [dicomdir], { encoding: 'utf8' });
  const errors = (stderr ?? '').split('\n').filter((line) => line.startsWith('Error'));
  assert.deepEqual(
    errors.filter((line) => !(wrongUids && ABOUT_UIDS.test(line))),
    [],
  );
  if (spawnSync(PYTHON, ['-c', 'import pydicom']).status !== 0)
    return t.skip('pydicom is not installed here');
  const loaded: unknown = JSON.parse(judgedBy(t, [PYTHON, PYDICOM, dicomdir]) ?? '{}');
  assert.deepEqual(loaded, { id, instances, wrong: [] });
}
