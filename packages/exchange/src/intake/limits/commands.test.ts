import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import { aStudy } from '@filmpost/tests/world/dicom/study.ts';
import { type World, anExchange } from '@filmpost/tests/world/exchange.ts';
import { type Facility, aDevice, aFacility } from '@filmpost/tests/world/facility.ts';
import { aWriter, manifestOf, sendBytes } from '@filmpost/tests/world/sending.ts';
import { anOpenedRequest } from '@filmpost/tests/world/visitors.ts';
import { admit, operator } from '../../access/gate/commands.ts';
import { CannotBeDone, limitFacility } from '../../facilities/commands.ts';
import { blobTerminated, declareBlobSize, expectBlob } from '../blobs/commands.ts';
import { announce, deviceUpload, openRequestUpload, withdrawUpload } from '../commands.ts';
import { sweepIntake } from '../settling/commands.ts';
import { NEW_UPLOADS_PER_HOUR } from './rules.ts';
import { type Limits, NO_LIMITS, NoRoom, TooMuch } from './schema.ts';

let world: World;
let facility: Facility;
let number = 0;
before(async () => {
  world = await anExchange();
});
beforeEach(async () => {
  world.exchange.limits = NO_LIMITS;
  facility = await aFacility(world.exchange, { slug: `clinic-${(number += 1)}` });
});
after(() => world.close());

/** No disk is so empty that this would not call it full. */
const FULL: Partial<Limits> = { diskPercent: 0, diskFreeBytes: Infinity };
const set = (limits: Partial<Limits>) => (world.exchange.limits = { ...NO_LIMITS, ...limits });
const aRequest = () => anOpenedRequest(world.exchange, facility);
const aClinic = async () => aWriter(world.exchange, await aRequest());

async function limitTo(quotaBytes: number | null) {
  const { exchange } = world;
  const operate = await admit(exchange, operator(), { capability: 'exchange:operate', subject: {} });
  return limitFacility(exchange, operate, { facility: facility.slug, quotaBytes });
}

type Writer = Awaited<ReturnType<typeof aClinic>>;

async function expect(writer: Writer, size: number | null): Promise<string> {
  const id = randomBytes(16).toString('hex');
  await expectBlob(world.exchange, writer, { id, size, contentKey: null, metadata: {} });
  return id;
}

test('of many blobs at once only as many fit as one upload may have, in bytes and in number', async () => {
  const writer = await aClinic();
  set({ uploadBytes: 100, uploadFiles: 8 });
  const large = await Promise.allSettled(Array.from({ length: 12 }, () => expect(writer, 30)));
  assert.equal(large.filter(({ status }) => status === 'fulfilled').length, 3);
  const small = await Promise.allSettled(Array.from({ length: 12 }, () => expect(writer, 1)));
  assert.equal(small.filter(({ status }) => status === 'fulfilled').length, 5);
  for (const each of [...large, ...small])
    assert.ok(each.status === 'fulfilled' || each.reason instanceof TooMuch);
});

test('a length told later is held to the same bound, and what is taken back makes room', async () => {
  const writer = await aClinic();
  set({ uploadBytes: 100 });
  const [first, second] = [await expect(writer, 60), await expect(writer, null)];
  await assert.rejects(declareBlobSize(world.exchange, second, 41), TooMuch);
  await blobTerminated(world.exchange, first);
  await declareBlobSize(world.exchange, second, 41);
});

test('an announcement beyond one upload is refused before a byte leaves', async () => {
  const writer = await aClinic();
  set({ uploadBytes: 1000, uploadFiles: 2 });
  const manifest = { ...manifestOf(), bytesToSend: 1000, filesToSend: 2 };
  await announce(world.exchange, writer, manifest);
  await assert.rejects(announce(world.exchange, writer, { ...manifest, bytesToSend: 1001 }), TooMuch);
  await assert.rejects(announce(world.exchange, writer, { ...manifest, filesToSend: 3 }), TooMuch);
});

test('a facility’s quota counts all its uploads, and is free again when bytes are removed from the disk', async () => {
  const { exchange } = world;
  const [one, other] = [await aClinic(), await aClinic()];
  await limitTo(100);
  await sendBytes(exchange, one, Buffer.alloc(60));
  await assert.rejects(expect(other, 41), NoRoom);
  await expect(other, 40);
  const late = await aRequest();
  await assert.rejects(openRequestUpload(exchange, late.fulfil), NoRoom, 'no upload begins');
  await withdrawUpload(exchange, one);
  await sweepIntake(exchange);
  assert.equal((await limitTo(100)).takenBytes, 40);
  await openRequestUpload(exchange, late.fulfil);
  await limitTo(0);
  await assert.rejects(expect(other, null), NoRoom, 'of unknown size');
  await limitTo(null);
  await expect(other, 1_000_000);
});

test('another facility’s quota is its own', async () => {
  await limitTo(0);
  facility = await aFacility(world.exchange, { slug: `clinic-${(number += 1)}` });
  await expect(await aClinic(), 100);
});

test('above the high-water mark nothing begins, and what has begun brings what it announced', async () => {
  const { exchange } = world;
  const [running, silent] = [await aClinic(), await aClinic()];
  const study = aStudy({ key: 'under way' });
  await announce(exchange, running, manifestOf(study));
  await sendBytes(exchange, running, study.files[0]?.bytes ?? new Uint8Array());
  const [late, device] = [await aRequest(), await aDevice(exchange, facility)];
  set(FULL);
  await assert.rejects(expect(silent, 1), NoRoom);
  await assert.rejects(announce(exchange, silent, manifestOf(study)), NoRoom);
  await assert.rejects(openRequestUpload(exchange, late.fulfil), NoRoom);
  await assert.rejects(deviceUpload(exchange, device.store), NoRoom);
  const { state } = await exchange.db
    .selectFrom('request')
    .select('state')
    .where('id', '=', late.requestId)
    .executeTakeFirstOrThrow();
  assert.equal(state, 'opened', 'the request is as it was');
  await announce(exchange, running, manifestOf(study));
  for (const { bytes } of study.files.slice(1)) await sendBytes(exchange, running, bytes);
  await sendBytes(exchange, running, Buffer.alloc(10_000)).catch(() => undefined);
  await assert.rejects(expect(running, 1), NoRoom, 'all it announced is there');
});

test('a PIN begins so many uploads an hour and no more', async () => {
  const { exchange } = world;
  const request = await aRequest();
  for (let i = 0; i < NEW_UPLOADS_PER_HOUR; i++)
    await withdrawUpload(exchange, await aWriter(exchange, request));
  await assert.rejects(openRequestUpload(exchange, request.fulfil), CannotBeDone);
  world.pass({ minutes: 61 });
  await openRequestUpload(exchange, request.fulfil);
});
