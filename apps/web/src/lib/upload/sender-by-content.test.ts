import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UnreadableFiles } from './disc-reader.ts';
import { FakeServer, contentOf, digestOf, finished } from './fake-server.ts';
import type { LostReason } from './manifest.ts';
import { type Pack, planPacks } from './packs.ts';
import { Sender, type SenderOptions } from './sender.ts';

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

function sendingOnePack(
  server: FakeServer,
  copies: Record<number, number> = {},
  { seal = (pack) => Promise.resolve(contentOf(pack, copies)) }: Partial<Pick<SenderOptions, 'seal'>> = {},
) {
  const lost: [LostReason, number[]][] = [];
  const sender = new Sender(onePack(), {
    roomy: () => true,
    transport: server,
    seal,
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

/** A disc of which the file at this place cannot be read from the second time on. */
function scratchedSince(at: number, copies: Record<number, number> = {}): SenderOptions['seal'] {
  let times = 0;
  return (pack) => {
    const place = pack.files.findIndex((file) => file.at === at);
    return (times += 1) > 1 && place >= 0
      ? Promise.reject(new UnreadableFiles([place]))
      : Promise.resolve(contentOf(pack, copies));
  };
}

test('a file that was read and cannot be read as it leaves is unreadable, and no line has damaged it', async () => {
  const server = new FakeServer();
  server.failures = [new UnreadableFiles([])];
  const { sender, lost } = sendingOnePack(server, {}, { seal: scratchedSince(2) });
  assert.equal(await sender.run(), finished);
  assert.deepEqual(server.sent, ['key 0+1+3']);
  assert.deepEqual(lost, [['unreadable', [2]]]);
  assert.deepEqual(server.forgotten, [digestOf(2)], 'the server waits for it no longer');
});

test('the same content elsewhere on the disc goes in place of a file that cannot be read any more', async () => {
  const server = new FakeServer();
  server.failures = [new UnreadableFiles([])];
  const copies = (server.copies = { 3: 0 });
  const { sender, lost } = sendingOnePack(server, copies, { seal: scratchedSince(0, copies) });
  assert.equal(await sender.run(), finished);
  assert.deepEqual(server.sent, ['key 1+2+3']);
  assert.deepEqual(lost, [['unreadable', [0]]], 'and is not said to be there already');
});

test('files that a closed window announced are waited for and then forgotten', async () => {
  const server = new FakeServer();
  server.announced.add(digestOf(77));
  await sendingOnePack(server).sender.run();
  assert.deepEqual(server.forgotten, [digestOf(77)]);
});
