import assert from 'node:assert/strict';
import { once } from 'node:events';
import { truncate } from 'node:fs/promises';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { anInstance } from '../../world/dicom/instance.ts';
import type { Instance } from '../../world/dicom/modules.ts';
import { transferSyntaxes } from '../../world/dicom/part10.ts';
import { rleFrame } from '../../world/dicom/rle.ts';
import { storeFiles } from '../../world/stored.ts';
import { type Clinic, aClinic, pathOf } from './clinic.ts';

const MEGABYTE = 1024 * 1024;
const LARGE_PIXELS = 1024 * MEGABYTE;
/** Server, client and their sockets live in this process. */
const MOST_GROWTH = 100 * MEGABYTE;
const FILE = 'application/dicom; transfer-syntax=1.2.840.10008.1.2.1';

let clinic: Clinic;
before(async () => (clinic = await aClinic()));
after(() => clinic.close());

const store = (instance: Instance) =>
  storeFiles(clinic.world.exchange, clinic.facility, {
    files: [{ ...instance, path: 'IM1' }],
    device: clinic.device,
  });

function ask(instance: Instance): Promise<http.IncomingMessage> {
  const { papers, root } = clinic.machine;
  const headers = { ...papers, accept: FILE };
  const request = http.get(`${clinic.world.url}${root}${pathOf(instance)}`, { headers, agent: false });
  return once(request, 'response').then(([response]) => response);
}

/** A big endian instance whose pixels are mostly a hole in a sparse file: large to turn round, quick to make. */
async function aLargeInstance(): Promise<Instance> {
  const { exchange } = clinic.world;
  const instance = anInstance({
    study: { key: 'large big endian' },
    transferSyntaxUid: transferSyntaxes.explicitVrBigEndian,
  });
  const bytes = Buffer.from(instance.bytes);
  const pixels = bytes.indexOf(Buffer.from([0x7f, 0xe0, 0x00, 0x10, 0x4f, 0x57])) + 12;
  bytes.writeUInt32BE(LARGE_PIXELS, pixels - 4);
  await store({ ...instance, bytes });
  const { sopInstanceUid } = instance;
  const byteLength = pixels + LARGE_PIXELS;
  const { blobId, byteOffset } = await exchange.db
    .updateTable('instance')
    .set({ byteLength })
    .where('sopInstanceUid', '=', sopInstanceUid)
    .returning(['blobId', 'byteOffset'])
    .executeTakeFirstOrThrow();
  await truncate(exchange.blobs.path(blobId), byteOffset + byteLength);
  return instance;
}

test('a gibibyte is turned round with flat memory', { timeout: 120_000 }, async () => {
  const response = await ask(await aLargeInstance());
  assert.equal(response.statusCode, 200);
  let received = 0;
  let before = 0;
  let peak = 0;
  for await (const chunk of response) {
    received += chunk.length;
    // The first hundred megabytes warm up what is used again and again.
    if (received < 100 * MEGABYTE) before = process.memoryUsage.rss();
    else peak = Math.max(peak, process.memoryUsage.rss());
  }
  assert.equal(String(received), response.headers['content-length']);
  assert.ok(received > LARGE_PIXELS);
  assert.ok(peak - before < MOST_GROWTH, `grew by ${Math.round((peak - before) / MEGABYTE)} MB`);
});

test('a later frame that is damaged cuts the answer short, and never ends it early', async () => {
  const good = rleFrame(new Uint8Array(64 * 64).fill(7), 1, 64);
  const instance = anInstance({
    study: { key: 'damaged later' },
    modality: 'US',
    numberOfFrames: 3,
    transferSyntaxUid: transferSyntaxes.rleLossless,
    compressedFrames: [good, good, Buffer.alloc(80)],
  });
  await store(instance);
  const response = await ask(instance);
  assert.equal(response.statusCode, 200);
  let received = 0;
  await assert.rejects(async () => {
    for await (const chunk of response) received += chunk.length;
  }, /aborted|ECONNRESET/);
  assert.ok(received < Number(response.headers['content-length']));
});
