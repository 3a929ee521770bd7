import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeServer, contentOf, digestOf } from './fake-server.ts';
import type { LostReason } from './manifest.ts';
import { type Pack, planPacks } from './packs.ts';
import { Sender } from './sender.ts';

/** One exam of four files, hence one pack. */
function onePack(): Pack[] {
  return planPacks(
    [0, 1, 2, 3].map((at) => ({
      at,
      studyInstanceUid: '1.2',
      file: { path: `IM${at}`, size: 100, bytes: new Blob([new Uint8Array(100)]), crc32: null, depth: 0 },
    })),
  );
}

function sendingOnePack(server: FakeServer, copies: Record<number, number> = {}) {
  const lost: [LostReason, number[]][] = [];
  const sender = new Sender(onePack(), {
    transport: server,
    seal: (pack) => Promise.resolve(contentOf(pack, copies)),
    pause: () => new Promise(setImmediate),
    onLost: (places, reason) => Promise.resolve(void lost.push([reason, places])),
    signal: new AbortController().signal,
  });
  return { sender, lost };
}

test('of a pack only the files travel that the server does not have, however it came by the others', async () => {
  const server = new FakeServer();
  server.here.add(digestOf(1));
  server.elsewhere.add(digestOf(2));
  const { sender, lost } = sendingOnePack(server);
  await sender.run();
  assert.deepEqual(server.sent, ['key 0+3']);
  assert.deepEqual(lost, [['duplicate', [2]]], 'what came with another upload is no part of this one');
  const { files, totalFiles, bytes, totalBytes, alreadyFiles } = sender.ledger.sent;
  assert.deepEqual([files, totalFiles, bytes, totalBytes, alreadyFiles], [4, 4, 400, 400, 2]);
});

test('a file that the disc holds twice is sent once', async () => {
  const server = new FakeServer();
  const { sender, lost } = sendingOnePack(server, { 3: 0 });
  await sender.run();
  assert.deepEqual(server.sent, ['key 0+1+2']);
  assert.deepEqual(lost, [['duplicate', [3]]]);
});

test('a file that was damaged on the way is sent again, alone', async () => {
  const server = new FakeServer();
  server.damaging.set(digestOf(2), 1);
  const { sender, lost } = sendingOnePack(server);
  await sender.run();
  assert.deepEqual(server.sent, ['key 0+1+2+3', 'key 2']);
  assert.deepEqual(lost, []);
});

test('a file that every line damages is given up with its reason', async () => {
  const server = new FakeServer();
  server.damaging.set(digestOf(2), 100);
  const { sender, lost } = sendingOnePack(server);
  await sender.run();
  assert.deepEqual(server.sent, ['key 0+1+2+3', 'key 2', 'key 2']);
  assert.deepEqual(lost, [['damaged-on-the-way', [2]]]);
});

test('files that a closed window announced are waited for and then forgotten', async () => {
  const server = new FakeServer();
  server.announced.add(digestOf(77));
  await sendingOnePack(server).sender.run();
  assert.deepEqual(server.forgotten, [digestOf(77)]);
});
