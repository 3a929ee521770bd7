import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import { manifestText } from '@filmpost/media/disc-text.ts';
import { layoutBytes } from '@filmpost/media/layout.ts';
import { planZip } from '@filmpost/media/zip.ts';
import type { PickedFile } from '#lib/ui/dropped-files.ts';
import { NoManifest, checkPackage } from './check-package.ts';
import { packageFiles } from './package-files.ts';
import type { PublishedKey } from './signature.ts';

const pair = generateKeyPairSync('ed25519');
const raw = pair.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
const keys: PublishedKey[] = [{ keyId: 'ours', publicKey: raw.toString('base64') }];

const CONTENTS: Record<string, string> = {
  'IMAGES/DICOMS/IM1': 'the first image',
  'IMAGES/DICOMS/IM2': 'the second image',
  'README.TXT': 'about it',
};
const list = manifestText(
  Object.entries(CONTENTS).map(([path, text]) => ({
    path,
    sha256: createHash('sha256').update(text).digest('hex'),
  })),
);
const WHOLE: Record<string, string | Uint8Array<ArrayBuffer>> = {
  'MANIFEST.SHA256': list,
  'MANIFEST.SIG': Uint8Array.from(sign(null, Buffer.from(list), pair.privateKey)),
  ...CONTENTS,
};

/** A folder as somebody chooses it; null takes a file out. */
function folder(
  changes: Record<string, string | Uint8Array<ArrayBuffer> | null> = {},
  root = 'IMAGES_Lovelace/',
) {
  return Object.entries({ ...WHOLE, ...changes }).flatMap(([path, content]): PickedFile[] =>
    content === null ? [] : [{ path: `${root}${path}`, file: new File([content], path) }],
  );
}

async function check(picked: PickedFile[], known: readonly PublishedKey[] | null = keys) {
  return checkPackage(await packageFiles(picked), { keys: known, onprogress: () => undefined });
}

test('a package as it was sent is verified to the last image, and its signature is good', async () => {
  assert.deepEqual(await check(folder()), {
    images: { listed: 2, verified: 2 },
    files: { listed: 3, verified: 3 },
    bad: [],
    extra: [],
    signature: 'good',
  });
});

test('a changed, a missing and a strange file are named', async () => {
  const found = await check(
    folder({
      'IMAGES/DICOMS/IM1': 'the other image',
      'README.TXT': null,
      'IMAGES/DICOMS/IM3': 'smuggled in',
    }),
  );
  assert.deepEqual(found.images, { listed: 2, verified: 1 });
  assert.deepEqual(found.bad, [
    { path: 'IMAGES/DICOMS/IM1', fault: 'changed' },
    { path: 'README.TXT', fault: 'missing' },
  ]);
  assert.deepEqual(found.extra, ['IMAGES/DICOMS/IM3']);
});

test('images beside the folder that holds the package are named as strangers to it', async () => {
  const beside = { path: 'IMAGES/DICOMS/IM1', file: new File(['another image'], 'IM1') };
  const found = await check([...folder({}, 'package/'), beside]);
  assert.deepEqual(found.images, { listed: 2, verified: 2 });
  assert.deepEqual(found.extra, ['IMAGES/DICOMS/IM1']);
});

test('a list that was written anew after the signature is told', async () => {
  const forged = manifestText([
    { path: 'IMAGES/DICOMS/IM1', sha256: createHash('sha256').update('forged').digest('hex') },
  ]);
  const found = await check(folder({ 'MANIFEST.SHA256': forged, 'IMAGES/DICOMS/IM1': 'forged' }));
  assert.equal(found.bad.length, 0);
  assert.equal(found.signature, 'another-key');
});

test('without a signature, with a strange key and without any key the files are compared all the same', async () => {
  const strange = generateKeyPairSync('ed25519')
    .publicKey.export({ type: 'spki', format: 'der' })
    .subarray(-32);
  const another = [{ keyId: 'strange', publicKey: strange.toString('base64') }];
  const signatures = [
    await check(folder({ 'MANIFEST.SIG': null })),
    await check(folder({ 'MANIFEST.SIG': 'not sixty-four bytes' })),
    await check(folder(), another),
    await check(folder(), null),
    await check(folder(), [{ keyId: 'broken', publicKey: 'AAAA' }]),
  ];
  assert.deepEqual(
    signatures.map(({ signature }) => signature),
    ['missing', 'another-key', 'another-key', 'no-key', 'unsupported'],
  );
  assert.ok(signatures.every(({ files }) => files.verified === 3));
});

test('a disc shown in small letters, with the short name of the list, is the same package', async () => {
  const { 'MANIFEST.SHA256': renamed = '', ...others } = WHOLE;
  const disc = Object.entries({ ...others, 'MANIFEST.SHA': renamed });
  const picked = disc.map(([path, content]) => ({
    path: path.toLowerCase(),
    file: new File([content], path),
  }));
  const found = await check(picked);
  assert.deepEqual(found.files, { listed: 3, verified: 3 });
  assert.equal(found.signature, 'good');
  assert.deepEqual(found.extra, []);
});

test('a ZIP is read in place', async () => {
  const entries = Object.entries(WHOLE).map(([name, content]) => ({ name, bytes: Buffer.from(content) }));
  const plan = planZip(
    entries.map(({ name, bytes }) => ({
      name,
      size: bytes.length,
      crc32: crc32(bytes),
      modified: new Date(),
    })),
  );
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const read = (index: number, offset: number, length: number) => [
    (entries[index]?.bytes ?? Buffer.alloc(0)).subarray(offset, offset + length),
  ];
  for await (const piece of layoutBytes(plan, read)) pieces.push(Uint8Array.from(piece));
  const found = await check([{ path: 'IMAGES_Lovelace.zip', file: new File(pieces, 'IMAGES_Lovelace.zip') }]);
  assert.deepEqual(found.files, { listed: 3, verified: 3 });
  assert.equal(found.signature, 'good');
});

test('what cannot be read is named, and the rest is compared', async () => {
  const files = await packageFiles(folder());
  const torn = files.map((file) =>
    file.path.endsWith('IM2')
      ? { ...file, size: file.size + 1 }
      : file.path.endsWith('IM1')
        ? { ...file, open: null }
        : file,
  );
  const found = await checkPackage(torn, { keys, onprogress: () => undefined });
  assert.deepEqual(found.bad, [
    { path: 'IMAGES/DICOMS/IM1', fault: 'unreadable' },
    { path: 'IMAGES/DICOMS/IM2', fault: 'unreadable' },
  ]);
  assert.equal(found.files.verified, 1);
});

test('a folder without a list is no package', async () => {
  await assert.rejects(check(folder({ 'MANIFEST.SHA256': null })), NoManifest);
});

test('a file too large to be held is hashed piece by piece', async () => {
  const large = new Uint8Array(33 * 1024 * 1024).fill(7);
  const sha256 = createHash('sha256').update(large).digest('hex');
  const text = manifestText([{ path: 'IMAGES/DICOMS/IM1', sha256 }]);
  const picked = [
    { path: 'MANIFEST.SHA256', file: new File([text], 'MANIFEST.SHA256') },
    { path: 'IMAGES/DICOMS/IM1', file: new File([large], 'IM1') },
  ];
  assert.deepEqual((await check(picked)).images, { listed: 1, verified: 1 });
});
