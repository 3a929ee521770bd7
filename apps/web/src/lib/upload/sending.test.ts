import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UploadProgress } from '@filmpost/exchange/intake/schema.ts';
import { UnreadableFiles } from './disc-reader.ts';
import { FakeServer, contentOf, finished } from './fake-server.ts';
import { HeadStart } from './head-start.ts';
import type { LostReason } from './manifest.ts';
import { planPacks } from './packs.ts';
import { Sending, type SendingOptions } from './sending.ts';
import { NoRoom, type Transport } from './transport.ts';

const opened = { state: 'open' } as UploadProgress;
const packs = planPacks(
  [0, 1, 2].map((at) => ({
    at,
    studyInstanceUid: `1.${at}`,
    file: { path: `IM${at}`, size: 100, bytes: new Blob([new Uint8Array(100)]), crc32: null, depth: 0 },
  })),
);

/** Tells when it is asked for the last time before bytes would leave. */
function serverOf(fake: FakeServer, asked: () => void): Transport {
  return {
    stored: () => fake.stored(),
    announceFiles: async (files) => {
      const known = await fake.announceFiles(files);
      if (fake.announced.size === packs.length) asked();
      return known;
    },
    send: (parcel) => fake.send(parcel),
    unverified: () => fake.unverified(),
    forgetFiles: (digests) => fake.forgetFiles(digests),
    remove: (blobId) => fake.remove(blobId),
    finish: () => fake.finish(),
  };
}

function sending(fake: FakeServer, options: Partial<SendingOptions>, seal = contentOf) {
  const { promise: allAsked, resolve: asked } = Promise.withResolvers<void>();
  const way = new Sending({
    transport: serverOf(fake, asked),
    start: new HeadStart(packs, async (pack) => seal(pack)),
    announce: () => Promise.resolve(opened),
    lost: new Map(),
    tell: () => undefined,
    roomy: () => true,
    signal: new AbortController().signal,
    ...options,
  });
  return { way, allAsked };
}

test('what the server has is asked at once, and nothing leaves before it knows what is to come', async () => {
  const fake = new FakeServer();
  const { promise: answer, resolve: answerIt } = Promise.withResolvers<UploadProgress>();
  const { way, allAsked } = sending(fake, { announce: () => answer });
  await allAsked;
  await new Promise(setImmediate);
  assert.deepEqual(fake.sent, []);
  answerIt(opened);
  assert.equal(await way.announced, opened);
  assert.equal(await way.ended, finished);
  assert.equal(fake.sent.length, packs.length);
});

test('nothing leaves for a server that has no room for what is announced', async () => {
  const fake = new FakeServer();
  const { promise: answer, reject: refuse } = Promise.withResolvers<UploadProgress>();
  const { way, allAsked } = sending(fake, { announce: () => answer });
  await allAsked;
  refuse(new NoRoom('The disk is full.'));
  await assert.rejects(way.announced, NoRoom);
  await assert.rejects(way.ended);
  assert.deepEqual(fake.sent, []);
});

test('what cannot be read is announced again, after the first announcement', async () => {
  const announcements: (readonly number[])[] = [];
  const lost = new Map<number, LostReason>();
  const announce = () => {
    announcements.push([...lost.keys()]);
    return Promise.resolve(opened);
  };
  const told: UploadProgress[] = [];
  const { way } = sending(
    new FakeServer(),
    { announce, lost, tell: (upload) => void told.push(upload) },
    (pack) => {
      if (pack.files.some(({ at }) => at === 1)) throw new UnreadableFiles([0], [0]);
      return contentOf(pack);
    },
  );
  assert.equal(await way.ended, finished);
  assert.deepEqual(announcements, [[], [1]]);
  assert.deepEqual(told, [opened]);
});
