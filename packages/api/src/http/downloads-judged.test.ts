import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createPublicKey, hash, verify } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type TestContext, after, before, test } from 'node:test';
import type { PackageKind } from '@filmpost/exchange/packages/schema.ts';
import { createShare } from '@filmpost/exchange/shares/commands.ts';
import { transferSyntaxes } from '@filmpost/tests/world/dicom/part10.ts';
import { aPdf, aReport, onePagePdf } from '@filmpost/tests/world/dicom/report.ts';
import { type Study, aStudy } from '@filmpost/tests/world/dicom/study.ts';
import { type ServedWorld, aServer } from '@filmpost/tests/world/exchange.ts';
import { aFacility } from '@filmpost/tests/world/facility.ts';
import { judgeDicomdir, judgeDiskImage, judgeZip, judgedBy } from '@filmpost/tests/world/judges.ts';
import { storeFiles } from '@filmpost/tests/world/stored.ts';
import { aPackage, packagePath } from '@filmpost/tests/world/taken.ts';
import { aRecipient } from '@filmpost/tests/world/visitors.ts';

const KINDS = ['zip', 'iso'] as const;
const sha256 = (bytes: Uint8Array) => hash('sha256', bytes);

let world: ServedWorld;
let study: Study;
/** By digest: what was handed in. */
const originals = new Set<string>();
const pdfs = [1100, 1101].map((length) => onePagePdf('A report'.padEnd(length, '.')));
/** Padded within the instance, which has even lengths only. */
const pdf = pdfs.find(({ length }) => length % 2 === 1) ?? new Uint8Array();
let folder: string;
const files: Record<PackageKind, string> = { zip: '', iso: '' };
const extracted: Record<PackageKind, string> = { zip: '', iso: '' };

before(async () => {
  world = await aServer();
  folder = mkdtempSync(path.join(os.tmpdir(), 'filmpost-judged-'));
  const facility = await aFacility(world.exchange, { name: 'Hôpital St. Antony' });
  study = aStudy({
    key: 'judged',
    series: [{ instances: 4 }, { instances: 2, transferSyntaxUid: transferSyntaxes.implicitVrLittleEndian }],
  });
  const report = aReport({ study: study.context, seriesNumber: 7, text: 'Nothing.' });
  const document = aPdf({ study: study.context, seriesNumber: 8, document: pdf });
  const stored = [...study.files, { ...report, path: 'SR' }, { ...document, path: 'PDF' }];
  for (const { bytes } of stored) originals.add(sha256(bytes));
  await storeFiles(world.exchange, facility, { files: stored });
  const share = await createShare(world.exchange, facility.work, {
    facility: facility.slug,
    studyInstanceUids: [study.studyInstanceUid],
  });
  const papers = await aRecipient(world.exchange, { code: share.code, birthDate: '1981/08/29' });
  for (const kind of KINDS) {
    const from = { shareId: share.shareId };
    const wish = { studyInstanceUids: [study.studyInstanceUid], kind };
    const { packageId, size } = await aPackage(world, { papers, from }, wish);
    const response = await fetch(`${world.url}${packagePath(from, packageId)}`, { headers: papers });
    const bytes = Buffer.from(await response.arrayBuffer());
    assert.equal(bytes.length, size, 'the size that was told is the size that came');
    files[kind] = path.join(folder, kind === 'zip' ? 'IMAGES_Lovelace.zip' : 'ISO_Lovelace.iso');
    writeFileSync(files[kind], bytes);
    extracted[kind] = path.join(folder, kind);
    mkdirSync(extracted[kind]);
    spawnSync('7z', ['x', '-y', `-o${extracted[kind]}`, files[kind]]);
  }
});
after(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The extracted package; without 7z there is none. */
function extractedHere(t: TestContext, kind: PackageKind): string | undefined {
  if (readdirSync(extracted[kind]).length === 0) return void t.skip('7z is not installed here');
  return extracted[kind];
}

test('the ZIP passes unzip, 7z, bsdtar and Python', (t) => judgeZip(t, files.zip));

test('the disk image passes 7z, isoinfo, bsdtar and xorriso', (t) => {
  judgeDiskImage(t, files.iso);
  const listing = judgedBy(t, ['isoinfo', '-J', '-f', '-i', files.iso]);
  if (listing !== undefined) assert.match(listing, /^\/REPORTS\/REP1\.PDF(;1)?$/m);
});

for (const kind of KINDS) {
  test(`the ${kind} holds the layout that media and people expect, and every original byte for byte`, (t) => {
    const root = extractedHere(t, kind);
    if (!root) return;
    const texts = ['DICOMDIR', 'INDEX.HTM', 'MANIFEST.JSN', 'MANIFEST.SHA256', 'MANIFEST.SIG', 'README.TXT'];
    assert.deepEqual(readdirSync(root).sort(), [...texts, 'IMAGES', 'REPORTS'].sort());
    const images = readdirSync(path.join(root, 'IMAGES/DICOMS'));
    const names = Array.from(originals, (_, i) => `IM${i + 1}`);
    assert.deepEqual(images.sort(), names.sort());
    const taken = images.map((name) => sha256(readFileSync(path.join(root, 'IMAGES/DICOMS', name))));
    assert.deepEqual(new Set(taken), originals);
  });

  test(`reports of the ${kind} stand beside the images, without their padding`, (t) => {
    const root = extractedHere(t, kind);
    if (root) assert.ok(readFileSync(path.join(root, 'REPORTS/REP1.PDF')).equals(pdf));
  });

  test(`sha256sum checks every file of the ${kind}`, (t) => {
    const root = extractedHere(t, kind);
    if (!root) return;
    const said = judgedBy(t, ['sha256sum', '--strict', '-c', 'MANIFEST.SHA256'], { cwd: root });
    if (said === undefined) return;
    // All but the manifest itself and its signature.
    const all = readdirSync(root, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
    assert.equal(said.match(/: OK$/gm)?.length, all.length - 2);
    writeFileSync(path.join(root, 'INDEX.HTM'), 'something else');
    assert.equal(spawnSync('sha256sum', ['-c', 'MANIFEST.SHA256'], { cwd: root }).status, 1);
  });

  test(`the manifest of the ${kind} is signed by the key that is published`, async (t) => {
    const root = extractedHere(t, kind);
    if (!root) return;
    const published = await fetch(`${world.url}/.well-known/filmpost-signing-key`);
    const { keys }: { keys: { keyId: string; publicKey: string; pem: string }[] } = await published.json();
    const [key] = keys;
    assert.ok(key);
    const bytes = readFileSync(path.join(root, 'MANIFEST.SHA256'));
    const signature = readFileSync(path.join(root, 'MANIFEST.SIG'));
    assert.ok(verify(null, bytes, createPublicKey(key.pem), signature));
    const manifest = JSON.parse(readFileSync(path.join(root, 'MANIFEST.JSN'), 'utf8'));
    assert.equal(manifest.signature.keyId, key.keyId);
    const lines = bytes.toString('utf8').split('\n');
    for (const file of manifest.files) assert.ok(lines.includes(`${file.sha256}  ${file.path}`), file.path);
    writeFileSync(path.join(folder, 'key.pem'), key.pem);
    const openssl = [
      'openssl',
      'pkeyutl',
      '-verify',
      '-pubin',
      '-inkey',
      path.join(folder, 'key.pem'),
      '-rawin',
    ];
    judgedBy(t, [...openssl, '-in', 'MANIFEST.SHA256', '-sigfile', 'MANIFEST.SIG'], { cwd: root });
  });

  test(`README.TXT of the ${kind} names the hospital and how to reach it, and what was compressed`, (t) => {
    const root = extractedHere(t, kind);
    if (!root) return;
    const text = readFileSync(path.join(root, 'README.TXT'), 'utf8');
    for (const words of ['Hôpital St. Antony', '+1 555 0100', 'films@st-antony.example', 'Compression: None'])
      assert.ok(text.includes(words), words);
  });

  for (const place of ['', 'IMAGES']) {
    test(`DICOMDIR in /${place} of the ${kind} lists every image for DCMTK, dicom3tools and pydicom`, (t) => {
      const root = extractedHere(t, kind);
      if (!root) return;
      judgeDicomdir(t, path.join(root, place, 'DICOMDIR'), { id: 'IMAGES', instances: originals.size });
    });
  }
}
