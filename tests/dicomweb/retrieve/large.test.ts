import assert from 'node:assert/strict';
import { once } from 'node:events';
import { truncate } from 'node:fs/promises';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { aStudy } from '../../world/dicom/study.ts';
import { storeFiles } from '../../world/stored.ts';
import { type Clinic, aClinic, pathOf } from './clinic.ts';

const MEGABYTE = 1024 * 1024;
/** More than a signed 32-bit length counts to. */
const STUDY_BYTES = 2.5 * 1024 * MEGABYTE;
/** Server, client and their sockets live in this process. */
const MOST_GROWTH = 100 * MEGABYTE;

let clinic: Clinic;
before(async () => (clinic = await aClinic()));
after(() => clinic.close());

/** Two instances whose bytes are mostly holes of a sparse file: large to send, quick to make. */
async function aLargeStudy() {
  const { exchange } = clinic.world;
  const study = aStudy({ key: 'large', series: [{ instances: 2 }] });
  await storeFiles(exchange, clinic.facility, { files: study.files, device: clinic.device });
  const rows = await exchange.db.selectFrom('instance').select(['id', 'blobId']).orderBy('id').execute();
  const byteLength = STUDY_BYTES / 2;
  for (const [i, { id }] of rows.entries()) {
    const byteOffset = i * byteLength;
    await exchange.db.updateTable('instance').set({ byteOffset, byteLength }).where('id', '=', id).execute();
  }
  await truncate(exchange.blobs.path(rows[0]?.blobId ?? ''), STUDY_BYTES);
  return study;
}

function ask(path: string): Promise<http.IncomingMessage> {
  const { papers, root } = clinic.machine;
  const request = http.get(`${clinic.world.url}${root}${path}`, { headers: papers, agent: false });
  return once(request, 'response').then(([response]) => response);
}

test('a study of more than 2 GB passes through with flat memory', { timeout: 120_000 }, async () => {
  const study = await aLargeStudy();
  const path = `/studies/${study.studyInstanceUid}`;
  const response = await ask(path);
  let received = 0;
  let peak = 0;
  let before = 0;
  for await (const chunk of response) {
    received += chunk.length;
    // The first hundred megabytes warm up what is used again and again.
    if (received < 100 * MEGABYTE) before = process.memoryUsage.rss();
    else peak = Math.max(peak, process.memoryUsage.rss());
  }
  assert.equal(String(received), response.headers['content-length']);
  assert.ok(received > STUDY_BYTES);
  assert.ok(peak - before < MOST_GROWTH, `grew by ${Math.round((peak - before) / MEGABYTE)} MB`);
});

test('a reader that does not read holds up only itself', { timeout: 60_000 }, async () => {
  const [file] = aStudy({ key: 'large', series: [{ instances: 2 }] }).files;
  assert.ok(file);
  const before = process.memoryUsage.rss();
  const slow = await Promise.all(Array.from({ length: 20 }, () => ask(pathOf(file))));
  // Each of them has its headers, and bytes waiting that it never takes.
  for (let i = 0; i < 20; i++) {
    const answer = await clinic.machine.ask(`${pathOf(file)}/metadata`);
    assert.equal(answer.status, 200);
    await answer.arrayBuffer();
  }
  const grown = process.memoryUsage.rss() - before;
  for (const response of slow) response.destroy();
  assert.ok(grown < MOST_GROWTH, `grew by ${Math.round(grown / MEGABYTE)} MB`);
});
