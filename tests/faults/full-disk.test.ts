import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { openRequestUpload } from '@filmpost/exchange/intake/commands.ts';
import type { Limits } from '@filmpost/exchange/intake/limits/schema.ts';
import { aStudy } from '../world/dicom/study.ts';
import { type ServedWorld, aServer } from '../world/exchange.ts';
import { aDevice, aFacility } from '../world/facility.ts';
import { multipartOf } from '../world/multipart.ts';
import { type SmallDisk, aSmallDisk, whyNoDisk } from '../world/small-disk.ts';
import { createTus, patchTus, tus } from '../world/tus-client.ts';
import { type Papers, anOpenedRequest, withKey } from '../world/visitors.ts';

const MEGABYTE = 1024 * 1024;
const DISK = 24 * MEGABYTE;
const SENT = 16 * MEGABYTE;
const HALF = SENT / 2;
const SENTENCE = /^Filmpost’s storage is full for the moment\. What has arrived is safe/;

const reason = whyNoDisk();
if (reason) console.log(`Skipped: ${reason}.`);
const skip = reason ?? false;

interface Sending {
  world: ServedWorld;
  disk: SmallDisk;
  papers: Papers;
  uploadId: string;
  bytes: Buffer<ArrayBuffer>;
  /** Where its bytes go. */
  path: string;
  /** Of a device of the same facility. */
  key: string;
}

/** An upload that has brought half of its bytes. */
async function anUploadUnderWay(t: TestContext, limits: Partial<Limits>): Promise<Sending> {
  const world = await aServer({ limits });
  const disk = aSmallDisk(world.exchange.blobs.directory, DISK);
  t.after(async () => {
    disk.unmount();
    await world.close();
  });
  const facility = await aFacility(world.exchange);
  const request = await anOpenedRequest(world.exchange, facility);
  const { uploadId } = await openRequestUpload(world.exchange, request.fulfil);
  const device = await aDevice(world.exchange, facility);
  const bytes = randomBytes(SENT);
  const papers = request.uploader;
  const created = await createTus(world, papers, { uploadId, length: SENT });
  assert.equal(created.status, 201, await created.text());
  const path = created.headers.get('location') ?? '';
  const sending = { world, disk, papers, uploadId, bytes, path, key: device.key };
  assert.equal((await send(sending, { from: 0, to: HALF })).status, 204);
  return sending;
}

function send(
  { world, papers, path, bytes }: Sending,
  { from, to = SENT }: { from: number; to?: number },
): Promise<Response> {
  return patchTus(world, papers, { path, offset: from, body: bytes.subarray(from, to) });
}

async function acknowledged({ world, papers, path }: Sending): Promise<number> {
  const response = await tus(world, { path, papers, method: 'HEAD' });
  assert.equal(response.status, 200);
  return Number(response.headers.get('upload-offset'));
}

function onDisk({ world, path }: Sending): Buffer {
  return readFileSync(world.exchange.blobs.path(path.split('/').at(-1) ?? ''));
}

async function fill(sending: Sending, free: number): Promise<void> {
  const { world, disk } = sending;
  disk.occupy(DISK - onDisk(sending).length - free);
  await seen(world, (bytes) => bytes <= free);
}

/** Settles when the server has seen how much is free. */
async function seen({ exchange }: ServedWorld, enough: (free: number) => boolean) {
  while (!enough((await exchange.blobs.disk()).freeBytes)) await new Promise(setImmediate);
}

/** The disk fills up in the middle of a request; all that was acknowledged is on it, and the rest follows later. */
async function pausesAndGoesOn(sending: Sending): Promise<void> {
  const { world, disk, bytes } = sending;
  const refused = await send(sending, { from: HALF });
  assert.equal(refused.status, 507);
  assert.match(await refused.text(), SENTENCE);
  const offset = await acknowledged(sending);
  assert.ok(offset >= HALF && offset < SENT, `${offset} of ${SENT}`);
  assert.equal(offset, onDisk(sending).length);
  assert.ok(onDisk(sending).equals(bytes.subarray(0, offset)), 'what is acknowledged lies on the disk');
  disk.occupy(0);
  await seen(world, (free) => free >= HALF);
  assert.equal((await send(sending, { from: offset })).status, 204);
  assert.ok(onDisk(sending).equals(bytes));
  const rows = await world.exchange.db.selectFrom('blob').select('state').execute();
  assert.deepEqual(
    rows.map(({ state }) => state),
    ['received'],
  );
}

test(
  'a disk that fills up pauses an upload above the reserve, and it goes on when there is room',
  { skip },
  async (t) => {
    const limits = { diskPercent: 90, diskFreeBytes: DISK, diskReserveBytes: MEGABYTE };
    const sending = await anUploadUnderWay(t, limits);
    const { world, papers, uploadId, key } = sending;
    await fill(sending, 4 * MEGABYTE);
    await pausesAndGoesOn(sending);
    await fill(sending, 2 * MEGABYTE);
    const begun = await createTus(world, papers, { uploadId, length: 10 });
    assert.equal(begun.status, 507, 'nothing new begins');
    assert.match(await begun.text(), SENTENCE);
    const { headers, body } = multipartOf(aStudy({ key: 'too late' }).files.map(({ bytes }) => bytes));
    const stored = await fetch(`${world.url}/dicomweb/studies`, {
      method: 'POST',
      headers: { ...withKey(key), ...headers },
      body,
    });
    assert.equal(stored.status, 503);
    assert.equal(stored.headers.get('retry-after'), '60');
    assert.match((await stored.json()).error, SENTENCE);
  },
);

test('without any mark the disk’s own no is heard, and nothing acknowledged is lost', { skip }, async (t) => {
  const sending = await anUploadUnderWay(t, {});
  const { world, disk } = sending;
  // A look at the disk that is too old to help.
  world.exchange.blobs.disk = () => Promise.resolve({ totalBytes: 1e12, freeBytes: 1e12 });
  // All but the last bytes of the last write fit: the disk takes that write in part, and no later one says no.
  disk.occupy(DISK - SENT + 16 * 1024);
  await pausesAndGoesOn(sending);
});
