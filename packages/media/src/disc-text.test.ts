import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { indexPage } from './disc-index.ts';
import { manifestText, readmeText } from './disc-text.ts';
import type { DiscAbout } from './disc-text.ts';

const about: DiscAbout = {
  institution: 'Saint Antony Hospital',
  contact: ['Film Library', '+1 555 0100'],
  created: new Date('2026-04-12T23:15:31Z'),
  software: 'Filmpost 0.1.0',
  exams: [
    {
      patientName: 'Lovelace, Ada',
      patientId: 'SAM-1',
      birthDate: '1981/08/29',
      studyDate: '2026/04/02',
      description: 'CT Head',
      modalities: ['CT', 'SR'],
      images: 61,
    },
  ],
  invented: [
    { recordType: 'IMAGE', name: 'Instance Number', reason: 'missing', records: 2 },
    { recordType: 'STUDY', name: 'Study Date', reason: 'not-allowed', records: 1 },
  ],
  generalPurpose: true,
  mendedStarts: 0,
  lossyImages: 0,
  unlisted: 0,
  viewer: null,
  guide: null,
  copies: null,
  reports: [],
};

const everything = {
  viewer: 'VIEWER.HTM',
  guide: 'GUIDE.PDF',
  copies: 'IHE_PDI/INDEX.HTM',
  reports: ['REPORTS/REP1.PDF', 'REPORTS/REP2.PDF'],
};

describe('README.TXT', () => {
  test('says who made the disc, when, with what, and what was made up in DICOMDIR', () => {
    const unwrapped = readmeText(about).replaceAll('\r\n', ' ');
    for (const part of [
      'Saint Antony Hospital Film Library +1 555 0100',
      '2026/04/12 (UTC) with Filmpost 0.1.0',
      '1 exam with 61 images and documents',
      '- Instance Number: 2 IMAGE records, missing in the images',
      '- Study Date: 1 STUDY record, not as DICOM wants it',
      'STD-GEN-CD and IHE Portable Data for Imaging',
      'sha256sum -c MANIFEST.SHA256',
    ])
      assert.ok(unwrapped.includes(part), part);
  });

  test('names no patient', () => {
    assert.doesNotMatch(readmeText(about), /Lovelace|SAM-1|1981/);
  });

  test('is short lines that end in CR LF, with a mark only where ASCII does not suffice', () => {
    const lines = readmeText(about).split('\r\n');
    assert.ok(lines.every((line) => line.length <= 76 && !/[\r\n]/.test(line)));
    assert.ok(!readmeText(about).startsWith('\ufeff'));
    assert.ok(readmeText({ ...about, institution: 'Hôpital' }).startsWith('\ufeff'));
  });

  test('claims no profile for images that are compressed', () => {
    const text = readmeText({ ...about, generalPurpose: false, invented: [] });
    assert.doesNotMatch(text, /IHE|MADE UP/);
  });

  test('says of files that got another beginning', () => {
    assert.doesNotMatch(readmeText(about), /beginning/);
    assert.match(readmeText({ ...about, mendedStarts: 3 }), /^3 files had no proper DICOM beginning/m);
  });

  test('says of what lies beside the images, and nothing of what does not', () => {
    assert.doesNotMatch(readmeText(about), /VIEWER|GUIDE|IHE_PDI|REPORTS/);
    const all = readmeText({ ...about, ...everything }).replaceAll('\r\n', ' ');
    for (const part of [
      'REPORTS holds 2 reports as PDF',
      'IHE_PDI/INDEX.HTM shows copies',
      'GUIDE.PDF is a Quick Start Guide',
      'VIEWER.HTM is a page for any Chrome, Edge, Firefox or Safari',
    ])
      assert.ok(all.includes(part), part);
  });

  test('lets nobody’s text begin a line of its own', () => {
    assert.doesNotMatch(
      readmeText({ ...about, institution: 'A\r\nPLEASE NOTE\u2028B' }),
      /\nPLEASE NOTE B|\u2028/,
    );
  });
});

describe('INDEX.HTM', () => {
  const hostile = `<svg onload="x()">&'\u0000\ud800`;
  const page = indexPage({
    ...about,
    institution: hostile,
    exams: about.exams.map((exam) => ({ ...exam, patientName: hostile, description: hostile })),
    ...everything,
  });

  test('lists the exams and links what else is on the disc', () => {
    const plain = indexPage(about);
    for (const part of ['Lovelace, Ada', 'CT, SR – CT Head', '2026/04/02', '>61<', 'href="README.TXT"'])
      assert.ok(plain.includes(part), part);
    assert.doesNotMatch(plain, /VIEWER|GUIDE|IHE_PDI|REPORTS/);
    assert.ok(page.includes('href="VIEWER.HTM"'));
  });

  test('shows hostile text as text', () => {
    assert.ok(!page.includes('<svg'));
    assert.equal(page.split('&lt;svg onload=&quot;x()&quot;&gt;&amp;&#39; \ufffd').length - 1, 3);
  });

  test('is well-formed XML', (t) => {
    const script = 'import sys,xml.dom.minidom as x;x.parseString(sys.stdin.buffer.read())';
    try {
      execFileSync('python3', ['-c', script], { input: page, stdio: ['pipe', 'pipe', 'pipe'] });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
      t.skip('python3 is not installed here');
    }
  });

  test('fetches nothing', () => {
    const outside = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, link]) => link);
    const { viewer, guide, copies, reports } = everything;
    assert.deepEqual(outside, [viewer, copies, guide, 'README.TXT', 'IMAGES/', 'MANIFEST.JSN', ...reports]);
    assert.doesNotMatch(page, /@import|url\(/);
  });
});

test('MANIFEST.SHA256 is what sha256sum checks files against', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'manifest-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const files = ['DICOMDIR', 'IM1'].map((path) => {
    writeFileSync(join(folder, path), path.repeat(9));
    return { path, sha256: createHash('sha256').update(path.repeat(9)).digest('hex').toUpperCase() };
  });
  writeFileSync(join(folder, 'MANIFEST.SHA256'), manifestText(files));
  const check = () =>
    execFileSync('sha256sum', ['-c', '--strict', 'MANIFEST.SHA256'], { cwd: folder, stdio: 'pipe' });
  try {
    assert.equal(check().toString(), 'DICOMDIR: OK\nIM1: OK\n');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return t.skip('no sha256sum here');
    throw error;
  }
  writeFileSync(join(folder, 'IM1'), 'changed');
  assert.throws(check);
});
