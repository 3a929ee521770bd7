import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { SECTOR, bytesOf, contents, files, longPathOf, volume } from '../../fixtures/disc.ts';
import { segments } from '../layout.ts';
import { planIso } from './iso.ts';
import type { IsoPlan } from './iso.ts';

/** Runs a program that may be missing; then the test is skipped, and says so. */
function run(t: TestContext, command: string, ...args: string[]): string | undefined {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: 'pipe', maxBuffer: 2 ** 28 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    t.skip(`${command} is not installed here`);
    return undefined;
  }
}

/** Everything that was put on the disc, and nothing else. */
function checkExtracted(place: string, nameOf: (path: string) => string): void {
  for (const [path, content] of Object.entries(contents))
    assert.ok(readFileSync(join(place, nameOf(path))).equals(content), path);
  const found = readdirSync(place, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  assert.equal(found.length, files.length);
}

/** Files without content stay holes in the image, so the test costs no disk. */
function writeSparse(path: string, whole: IsoPlan, content: Record<number, Uint8Array>): void {
  const file = openSync(path, 'w');
  let at = 0;
  for (const segment of segments(whole)) {
    const given = segment.kind === 'bytes' ? segment.bytes : content[segment.index];
    if (given?.some((byte) => byte !== 0)) writeSync(file, given, 0, given.length, at);
    at += segment.kind === 'bytes' ? segment.bytes.length : segment.length;
  }
  ftruncateSync(file, at);
  closeSync(file);
  assert.equal(at, whole.size);
}

describe('an ISO image', () => {
  let folder = '';
  let path = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'iso-'));
    path = join(folder, 'small.iso');
    writeFileSync(path, bytesOf(planIso(files, volume)));
  });
  after(() => rmSync(folder, { recursive: true }));

  test('is tested and unpacked by 7z byte for byte, with long names', (t) => {
    const output = run(t, '7z', 't', path);
    if (output === undefined) return;
    assert.match(output, /Everything is Ok/);
    run(t, '7z', 'x', `-o${join(folder, 'seven')}`, path);
    checkExtracted(join(folder, 'seven'), longPathOf);
  });

  for (const [tree, nameOf] of [
    ['nojoliet', (name: string) => name],
    ['any', longPathOf],
  ] as const) {
    test(`is unpacked by xorriso byte for byte when it reads ${tree}`, (t) => {
      const place = join(folder, tree);
      const reading = ['-abort_on', 'WARNING', '-read_fs', tree, '-indev', path];
      if (run(t, 'xorriso', ...reading, '-osirrox', 'on', '-extract', '/', place) === undefined) return;
      checkExtracted(place, nameOf);
    });
  }

  test('is unpacked by bsdtar byte for byte', (t) => {
    const place = join(folder, 'tar');
    mkdirSync(place);
    if (run(t, 'bsdtar', '-xf', path, '-C', place) !== undefined) checkExtracted(place, longPathOf);
  });

  test('passes isoinfo with the label and both trees', (t) => {
    const output = run(t, 'isoinfo', '-d', '-i', path);
    if (output === undefined) return;
    assert.match(output, /Volume id: IMAGES/);
    assert.match(run(t, 'isoinfo', '-J', '-f', '-i', path) ?? '', /MANIFEST\.SHA256/);
    assert.match(run(t, 'isoinfo', '-f', '-i', path) ?? '', /MANIFEST\.SHA;1/);
  });

  test('of a hundred thousand files is listed by 7z', (t) => {
    const many = Array.from({ length: 100_000 }, (_, i) => ({ path: `IMAGES/DICOMS/IM${i + 1}`, size: 1 }));
    const large = join(folder, 'many.iso');
    writeSparse(large, planIso(many, volume), {});
    const output = run(t, '7z', 'l', large);
    if (output !== undefined) assert.match(output, /100000 files, 2 folders/);
  });

  test('with a file of more than 4 GiB still gives the file after it', (t) => {
    const size = 2 * (2 ** 32 - SECTOR) + 5;
    const last = Buffer.from('after the large one');
    const large = join(folder, 'large.iso');
    const layout = planIso(
      [
        { path: 'LARGE', size },
        { path: 'LAST', size: last.length },
      ],
      volume,
    );
    writeSparse(large, layout, { 1: last });
    const listed = run(t, '7z', 'l', '-slt', large);
    if (listed === undefined) return;
    assert.match(listed, new RegExp(`Path = LARGE\nFolder = -\nSize = ${size}\n`));
    assert.equal(run(t, '7z', 'x', '-so', large, 'LAST'), last.toString());
  });
});
