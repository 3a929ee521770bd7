import assert from 'node:assert/strict';
import { mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { anInstance } from '@filmpost/tests/world/dicom/instance.ts';
import type { Attributes } from '@filmpost/tests/world/dicom/dictionary.ts';
import { transferSyntaxes } from '@filmpost/tests/world/dicom/part10.ts';
import type { Recognition } from '../schema.ts';
import { withRecogniser } from './queries.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'recognise-'));
after(() => rm(folder, { recursive: true }));

/** What is made of a file of these bytes, lengthened by zeros to `size`. */
async function recognised(bytes: Uint8Array, size = bytes.length): Promise<Recognition> {
  const name = path.join(folder, 'blob');
  await writeFile(name, bytes);
  await truncate(name, size);
  await using blob = await open(name);
  return await withRecogniser((recogniser) =>
    recogniser.recognise(blob, { blobId: 'b', name: 'IM1', offset: 0, size }),
  );
}

/** Per-Frame Functional Groups (PS3.3 C.7.6.16) that hold the same for each frame. */
function withFrames(count: number, item: Attributes): Uint8Array {
  const groups = { tag: 0x52009230, vr: 'SQ', value: new Array<Attributes>(count).fill(item) } as const;
  const transferSyntaxUid = transferSyntaxes.implicitVrLittleEndian;
  return anInstance({ rows: 4, columns: 4, transferSyntaxUid, extraElements: [groups] }).bytes;
}

const metadataOf = (recognition: Recognition) =>
  recognition.kind === 'instance'
    ? JSON.parse(recognition.instance.metadata)
    : assert.fail(recognition.file.reason);

test('a head of ten thousand frames is larger than ordinary ones and understood all the same', async () => {
  const item = { SliceThickness: 1, SliceLocation: 2 };
  const metadata = metadataOf(await recognised(withFrames(10_000, item)));
  assert.equal(metadata['52009230'].Value.length, 10_000);
});

test('a head that would take the worker’s memory is set aside with a reason', async () => {
  const hostile = withFrames(26, { ImageComments: '\x01'.repeat(500_000) });
  const recognition = await recognised(hostile);
  assert.ok(recognition.kind === 'set-aside');
  assert.equal(recognition.file.reason, 'too-large-header');
});
