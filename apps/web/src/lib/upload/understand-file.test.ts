import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { aDisc } from '@filmpost/tests/world/dicom/disc.ts';
import { anInstance } from '@filmpost/tests/world/dicom/instance.ts';
import { blobSource } from './disc/byte-sources.ts';
import { type FoundFile, understandFile as understandSource } from './understand-file.ts';

const understandFile = (file: Blob, at: number): Promise<FoundFile> => understandSource(blobSource(file), at);

const blob = (bytes: Uint8Array) => new Blob([new Uint8Array(bytes)]);

test('a file is told by its content and never by its name', async () => {
  for (const { path, bytes, instance } of aDisc().files) {
    const found = await understandFile(blob(bytes), 0);
    if (instance) assert.equal(found.kind, 'image', path);
    else if (path !== 'DICOM/CUT') assert.equal(found.kind, 'left-out', path);
  }
});

test('only as much of a file is read as its head takes', async () => {
  const { bytes } = anInstance({ rows: 512, columns: 512 });
  const file = blob(bytes);
  let furthest = 0;
  const slice = file.slice.bind(file);
  file.slice = (start, end, type) => {
    furthest = Math.max(furthest, end ?? file.size);
    return slice(start, end, type);
  };
  file.arrayBuffer = () => assert.fail('read whole');
  assert.equal((await understandFile(file, 0)).kind, 'image');
  assert.equal(furthest, 64 * 1024);
});

test('an image cut off in its pixels is an image, and said to be incomplete', async () => {
  const { bytes } = anInstance({ rows: 64, columns: 64 });
  const found = await understandFile(blob(bytes.subarray(0, bytes.length - 100)), 7);
  assert.deepEqual(found.kind === 'image' && { at: found.at, incomplete: found.incomplete }, {
    at: 7,
    incomplete: true,
  });
});

test('a file that the disc does not give up is left out as unreadable', async () => {
  const file = blob(anInstance().bytes);
  file.slice = () => {
    throw new DOMException('scratched', 'NotReadableError');
  };
  assert.deepEqual(await understandFile(file, 3), { kind: 'left-out', at: 3, reason: 'unreadable' });
});

/** The same instance in Deflated Explicit VR Little Endian (PS3.5 A.5): the data set compressed, the rest not. */
function deflated(): Uint8Array {
  const { bytes } = anInstance({ rows: 64, columns: 64 });
  const text = Buffer.from(bytes);
  const syntax = text.indexOf('1.2.840.10008.1.2.1');
  const metaLength = text.readUInt32LE(140);
  const dataSet = 144 + metaLength;
  const meta = Buffer.from(text.subarray(0, dataSet));
  const longer = Buffer.from('1.2.840.10008.1.2.1.99');
  const lengthAt = syntax - 2;
  const oldLength = meta.readUInt16LE(lengthAt);
  const head = Buffer.concat([meta.subarray(0, syntax), longer, meta.subarray(syntax + oldLength)]);
  head.writeUInt16LE(longer.length, lengthAt);
  head.writeUInt32LE(metaLength + longer.length - oldLength, 140);
  return Buffer.concat([head, deflateRawSync(text.subarray(dataSet))]);
}

test('a file compressed as a whole is understood, though browsers inflate only asynchronously', async () => {
  const found = await understandFile(blob(deflated()), 0);
  assert.equal(found.kind === 'image' && found.patient.name, 'Lovelace^Ada');
  const broken = deflated().subarray(0, 500);
  assert.equal((await understandFile(blob(broken), 0)).kind, 'left-out');
});
