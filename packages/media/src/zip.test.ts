import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { crc32 } from 'node:zlib';
import { ImpossibleRange } from './layout.ts';
import { ImpossibleZip, planZip, zipSegments } from './zip.ts';
import type { ByteRange, ZipPlan } from './zip.ts';
import { UnsafeZipName } from './zip-names.ts';

const modified = new Date('2026-04-12T10:15:31Z');
const contents = ['one', '', 'three '.repeat(5000)].map((text) => Buffer.from(text));
const names = ['DICOMDIR', 'IMAGES/DICOMS/IM1', 'IMAGES/Müller – 山田 📀.txt'];
const entryOf = (name: string, bytes: Uint8Array) => ({
  name,
  size: bytes.length,
  crc32: crc32(bytes),
  modified,
});
const small = planZip(names.map((name, index) => entryOf(name, contents[index] ?? Buffer.of())));

function bytesOf(plan: ZipPlan, content: (index: number) => Uint8Array, range?: ByteRange): Buffer {
  return Buffer.concat(
    [...zipSegments(plan, range)].map((segment) =>
      segment.kind === 'bytes'
        ? segment.bytes
        : content(segment.index).subarray(segment.offset, segment.offset + segment.length),
    ),
  );
}

const smallBytes = (range?: ByteRange) => bytesOf(small, (index) => contents[index] ?? Buffer.of(), range);

/** Runs a program that may be missing; then the test is skipped, and says so. */
function run(t: TestContext, command: string, ...args: string[]): string | undefined {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    t.skip(`${command} is not installed here`);
    return undefined;
  }
}

describe('a stored ZIP', () => {
  let folder = '';
  before(() => (folder = mkdtempSync(join(tmpdir(), 'zip-'))));
  after(() => rmSync(folder, { recursive: true }));

  function saved(name: string, bytes: Uint8Array): string {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  }

  test('is exactly as long as its plan says', () => {
    assert.equal(smallBytes().length, small.size);
    assert.equal(bytesOf(planZip([]), () => Buffer.of()).length, 22);
  });

  test('gives any range as the whole has it, read from either end', () => {
    const whole = smallBytes();
    for (let step = 0; step < 400; step++) {
      const start = (step * 7919) % (small.size + 1);
      const end = start + ((step * 104_729) % (small.size - start + 1));
      assert.ok(smallBytes({ start, end }).equals(whole.subarray(start, end)), `bytes ${start} to ${end}`);
    }
    for (let start = Math.max(small.size - 600, 0); start < small.size; start++) {
      assert.ok(
        smallBytes({ start, end: small.size }).equals(whole.subarray(start)),
        `the last from ${start}`,
      );
    }
  });

  test('is the same bytes in any time zone', (t) => {
    const zone = process.env.TZ;
    t.after(() => (zone === undefined ? delete process.env.TZ : (process.env.TZ = zone)));
    const here = smallBytes();
    process.env.TZ = 'Pacific/Auckland';
    assert.ok(smallBytes().equals(here));
  });

  test('passes unzip -t', (t) => {
    const output = run(t, 'unzip', '-t', saved('small.zip', smallBytes()));
    if (output !== undefined) assert.match(output, /No errors detected/);
  });

  test('passes 7z t', (t) => {
    const output = run(t, '7z', 't', saved('small.zip', smallBytes()));
    if (output !== undefined) assert.match(output, /Everything is Ok/);
  });

  test('is read by Python with names, sizes and times as planned', (t) => {
    const script =
      'import sys,zipfile,json;z=zipfile.ZipFile(sys.argv[1]);assert z.testzip() is None;print(json.dumps([[i.filename,i.file_size,i.date_time] for i in z.infolist()]))';
    const output = run(t, 'python3', '-c', script, saved('small.zip', smallBytes()));
    if (output === undefined) return;
    const expected = names.map((name, index) => [name, contents[index]?.length, [2026, 4, 12, 10, 15, 30]]);
    assert.deepEqual(JSON.parse(output), expected);
  });

  test('may hold more than 65,535 entries', (t) => {
    const content = Buffer.from('x');
    const plan = planZip(Array.from({ length: 70_002 }, (_, index) => entryOf(`DICOMS/IM${index}`, content)));
    const whole = bytesOf(plan, () => content);
    assert.equal(whole.length, plan.size);
    for (let step = 0; step < 100; step++) {
      const start = (step * 7_368_787) % plan.size;
      const end = Math.min(start + 100_000, plan.size);
      assert.ok(bytesOf(plan, () => content, { start, end }).equals(whole.subarray(start, end)));
    }
    const output = run(t, 'unzip', '-tq', saved('many.zip', whole));
    if (output !== undefined) assert.match(output, /No errors detected/);
  });

  test('may hold an entry, and start another, beyond 4 GiB', (t) => {
    const size = 5 * 2 ** 30;
    // Nobody reads the large entry to its end, so its checksum does not matter.
    const last = Buffer.from('after the large one');
    const plan = planZip([{ name: 'LARGE', size, crc32: 0, modified }, entryOf('LAST', last)]);
    const path = join(folder, 'large.zip');
    writeSparse(path, plan, last);
    const script =
      'import sys,zipfile,json;z=zipfile.ZipFile(sys.argv[1]);print(json.dumps([[i.filename,i.file_size,i.compress_size,i.header_offset] for i in z.infolist()]+[z.read("LAST").decode(),len(z.open("LARGE").read(1000))]))';
    const output = run(t, 'python3', '-c', script, path);
    if (output === undefined) return;
    assert.deepEqual(JSON.parse(output), [
      ['LARGE', size, size, 0],
      ['LAST', last.length, last.length, plan.records[1]?.offset],
      last.toString(),
      1000,
    ]);
    const listed = run(t, 'unzip', '-l', path);
    if (listed !== undefined) assert.match(listed, /5368709139 +2 files/);
  });
});

/** The large entry stays a hole in the file, so the test costs no disk. */
function writeSparse(path: string, plan: ZipPlan, last: Uint8Array): void {
  const file = openSync(path, 'w');
  let at = 0;
  for (const segment of zipSegments(plan)) {
    if (segment.kind === 'bytes') writeSync(file, segment.bytes, 0, segment.bytes.length, at);
    else if (segment.index === 1) writeSync(file, last, 0, last.length, at);
    at += segment.kind === 'bytes' ? segment.bytes.length : segment.length;
  }
  ftruncateSync(file, at);
  closeSync(file);
  assert.equal(at, plan.size);
}

describe('a ZIP is refused', () => {
  const planOf =
    (...given: string[]) =>
    () =>
      planZip(given.map((name) => entryOf(name, Buffer.of())));

  for (const name of [
    '',
    '/etc/passwd',
    '../x',
    'a/../../x',
    'a/./b',
    'a//b',
    'folder/',
    'C:/x',
    'c:x',
    'a\\b',
    'a\nb',
    'a\0',
    '\ud800',
    'x'.repeat(65_536),
  ]) {
    test(`for the name ${JSON.stringify(name).slice(0, 24)}`, () => {
      assert.throws(
        planOf('fine', name),
        (error) => error instanceof UnsafeZipName && error instanceof RangeError,
      );
    });
  }

  test('for two names that a disk without case would take for one', () => {
    assert.throws(planOf('IMAGES/IM1', 'Images/im1'), UnsafeZipName);
    assert.doesNotThrow(planOf('IMAGES/IM1', 'IMAGES/IM2', 'a..b', '...'));
  });

  test('without repeating the name, which may be a patient’s', () => {
    assert.throws(
      planOf('../Lovelace'),
      (error) => error instanceof Error && !error.message.includes('Lovelace'),
    );
  });

  test('for sizes, checksums and ranges that cannot be', () => {
    const entry = { name: 'x', size: 1, crc32: 0, modified };
    for (const wrong of [{ size: -1 }, { size: 1.5 }, { size: 2 ** 53 }, { crc32: -1 }, { crc32: 2 ** 32 }]) {
      assert.throws(() => planZip([{ ...entry, ...wrong }]), ImpossibleZip);
    }
    for (const range of [
      { start: -1, end: 2 },
      { start: 3, end: 2 },
      { start: 0, end: small.size + 1 },
    ]) {
      assert.throws(() => zipSegments(small, range), ImpossibleRange);
    }
  });
});
