import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { packHead } from '@filmpost/media/pack.ts';
import { aStudy } from '@filmpost/tests/world/dicom/study.ts';
import { type World, anExchange } from '@filmpost/tests/world/exchange.ts';
import { type Facility, aFacility } from '@filmpost/tests/world/facility.ts';
import { aWriter, sendBytes } from '@filmpost/tests/world/sending.ts';
import { type SentRequest, anOpenedRequest } from '@filmpost/tests/world/visitors.ts';
import type { Granted } from '../../access/gate/schema.ts';
import { CannotBeDone } from '../../facilities/commands.ts';
import { confirmUpload, finishUpload, openStaffUpload, withdrawUpload } from '../commands.ts';
import { announceFiles, forgetFiles } from './commands.ts';
import { unverifiedFiles } from './queries.ts';

type Writer = Granted<'upload:write'>;
interface OnDisc {
  path: string;
  bytes: Uint8Array;
}

let world: World;
let facility: Facility;
let number = 0;
before(async () => {
  world = await anExchange();
  facility = await aFacility(world.exchange);
});
after(() => world.close());

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const listed = (files: readonly OnDisc[]) =>
  files.map(({ bytes }) => ({ sha256: sha256(bytes), size: bytes.length }));
const digestsOf = (files: readonly OnDisc[]) => listed(files).map((file) => file.sha256);
const aDiscOfThree = () => aStudy({ key: `by content ${(number += 1)}` }).files;

/** A pack whose head promises what was read; `damage` changes the bytes behind it. */
async function send(writer: Writer, files: readonly OnDisc[], damage = (bytes: Buffer) => bytes) {
  const head = packHead(
    files.map(({ path, bytes }) => ({ name: path, size: bytes.length, sha256: sha256(bytes) })),
  );
  await sendBytes(
    world.exchange,
    writer,
    Buffer.concat([head, damage(Buffer.concat(files.map(({ bytes }) => bytes)))]),
  );
}

async function aSender(): Promise<{ request: SentRequest; writer: Writer }> {
  const request = await anOpenedRequest(world.exchange, facility);
  return { request, writer: await aWriter(world.exchange, request) };
}

async function aStaffWriter(digests: readonly string[] = []): Promise<Writer> {
  const { work } = facility;
  const { uploadId } = await openStaffUpload(world.exchange, work, digests);
  // Signing in is another room's matter: the right of a clerk, said of this upload.
  return { ...work, uploadId } as unknown as Writer;
}

async function delivered(writer: Writer, files: readonly OnDisc[]): Promise<void> {
  await announceFiles(world.exchange, writer, listed(files));
  await send(writer, files);
  await world.work();
  await finishUpload(world.exchange, writer);
  await world.work();
}

test('what is verified need not come again; what only arrived is not verified yet', async () => {
  const { exchange } = world;
  const { writer } = await aSender();
  const files = aDiscOfThree();
  const ask = () => announceFiles(exchange, writer, listed(files));
  assert.deepEqual(await ask(), { here: [], elsewhere: [] });
  await send(writer, files.slice(0, 2));
  assert.deepEqual((await ask()).here, []);
  await world.work();
  assert.deepEqual(new Set((await ask()).here), new Set(digestsOf(files.slice(0, 2))));
});

test('an upload is not finished before each announced file is verified on the disk', async () => {
  const { exchange } = world;
  const { writer } = await aSender();
  const files = aDiscOfThree();
  await announceFiles(exchange, writer, listed(files));
  await send(writer, files.slice(1));
  assert.deepEqual(await unverifiedFiles(exchange, writer), { checking: true, missing: [] });
  await world.work();
  await assert.rejects(finishUpload(exchange, writer), CannotBeDone);
  const missing = digestsOf(files.slice(0, 1));
  assert.deepEqual(await unverifiedFiles(exchange, writer), { checking: false, missing });
  await send(writer, files.slice(0, 1));
  await world.work();
  assert.equal((await finishUpload(exchange, writer)).state, 'sent');
});

test('a file that arrives otherwise than it was read is no part of an exam, and is asked for again', async () => {
  const { exchange } = world;
  const { writer } = await aSender();
  const files = aDiscOfThree();
  await announceFiles(exchange, writer, listed(files));
  const lastByte = (bytes: Buffer) => bytes.fill((bytes.at(-1) ?? 0) ^ 1, bytes.length - 1);
  await send(writer, files, lastByte);
  await world.work();
  const damaged = digestsOf(files.slice(-1));
  assert.deepEqual((await unverifiedFiles(exchange, writer)).missing, damaged);
  const stored = () =>
    exchange.db.selectFrom('instance').select('sha256').where('uploadId', '=', writer.uploadId).execute();
  assert.equal((await stored()).length, 2);
  await send(writer, files.slice(-1));
  await world.work();
  const sent = await finishUpload(exchange, writer);
  assert.deepEqual([sent.state, sent.setAside], ['sent', []], 'nothing of it is left on the bill');
  const rows = await stored();
  assert.deepEqual(new Set(rows.map((row) => row.sha256.toString('hex'))), new Set(digestsOf(files)));
});

test('what will not come any more can be forgotten, what is verified cannot', async () => {
  const { exchange } = world;
  const { writer } = await aSender();
  const files = aDiscOfThree();
  await announceFiles(exchange, writer, listed(files));
  await send(writer, files.slice(1));
  await world.work();
  await forgetFiles(exchange, writer, digestsOf(files));
  assert.equal((await announceFiles(exchange, writer, listed(files))).here.length, 2);
  await forgetFiles(exchange, writer, digestsOf(files));
  assert.equal((await finishUpload(exchange, writer)).state, 'sent');
});

test('an upload under the same request knows what an earlier one brought', async () => {
  const { exchange } = world;
  const { request, writer } = await aSender();
  const files = aDiscOfThree();
  await delivered(writer, files);
  await confirmUpload(exchange, writer);
  const next = await aWriter(exchange, request);
  assert.notEqual(next.uploadId, writer.uploadId);
  const known = await announceFiles(exchange, next, listed(files));
  assert.deepEqual([known.here, new Set(known.elsewhere)], [[], new Set(digestsOf(files))]);
  assert.equal((await finishUpload(exchange, next)).state, 'sent', 'nothing is waited for');
});

test('what another request, the facility or another facility holds is answered like what nobody has', async () => {
  const { exchange } = world;
  const files = aDiscOfThree();
  const other = await aSender();
  await delivered(other.writer, files);
  await confirmUpload(exchange, other.writer);
  const { writer } = await aSender();
  const nobodys = await announceFiles(exchange, writer, [{ sha256: 'ab'.repeat(32), size: 1 }]);
  assert.deepEqual(await announceFiles(exchange, writer, listed(files)), nobodys);
});

test('what was taken back is known to nobody', async () => {
  const { exchange } = world;
  const { request, writer } = await aSender();
  const files = aDiscOfThree();
  await delivered(writer, files);
  await withdrawUpload(exchange, writer);
  const next = await aWriter(exchange, request);
  assert.deepEqual(await announceFiles(exchange, next, listed(files)), { here: [], elsewhere: [] });
  await assert.rejects(announceFiles(exchange, writer, listed(files)), CannotBeDone);
});

test('staff who come back with the same disc continue their upload, and send nothing of the record again', async () => {
  const { exchange } = world;
  const files = aDiscOfThree();
  const writer = await aStaffWriter(digestsOf(files));
  await announceFiles(exchange, writer, listed(files));
  assert.equal((await aStaffWriter(digestsOf(files.slice(1)))).uploadId, writer.uploadId);
  assert.notEqual((await aStaffWriter(digestsOf(aDiscOfThree()))).uploadId, writer.uploadId);
  assert.notEqual((await aStaffWriter()).uploadId, writer.uploadId);
  await delivered(writer, files);
  const next = await aStaffWriter(digestsOf(files));
  assert.notEqual(next.uploadId, writer.uploadId, 'what is confirmed is not continued');
  assert.equal((await announceFiles(exchange, next, listed(files))).elsewhere.length, files.length);
});
