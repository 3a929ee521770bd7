import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UnreadableFiles } from './disc-reader.ts';
import { FakeServer, contentOf, digestOf, finished, keyOf } from './fake-server.ts';
import { type Pack, planPacks } from './packs.ts';
import { Sender, type SenderOptions } from './sender.ts';
import { ArrivingElsewhere, LineLost, NoRoom, type Parcel, UploadEnded } from './transport.ts';

/** Exams of one file each, hence as many packs, keyed by their study. */
function packsOfOne(count: number): Pack[] {
  return planPacks(
    Array.from({ length: count }, (_, at) => ({
      at,
      studyInstanceUid: `1.${at}`,
      file: { path: `IM${at}`, size: 100, bytes: new Blob([new Uint8Array(100)]), crc32: null, depth: 0 },
    })),
  );
}

function sending(
  server: FakeServer,
  { count = 5, ...options }: Partial<SenderOptions> & { count?: number } = {},
) {
  const packs = packsOfOne(count);
  const sender = new Sender(packs, {
    transport: server,
    seal: (pack) => Promise.resolve(contentOf(pack)),
    pause: () => new Promise(setImmediate),
    onLost: () => Promise.resolve(),
    roomy: () => true,
    signal: new AbortController().signal,
    ...options,
  });
  return { packs, sender };
}

test('every pack is sent once, three at a time until one is whole, then five', async () => {
  const server = new FakeServer();
  const { packs, sender } = sending(server, { count: 12 });
  assert.equal(await sender.run(), finished);
  assert.deepEqual(server.sent.toSorted(), packs.map(keyOf).toSorted());
  assert.deepEqual(server.together.slice(0, 5), [1, 2, 3, 3, 4]);
  assert.equal(Math.max(...server.together), 5);
  const { sent } = sender.ledger;
  assert.deepEqual([sent.files, sent.bytes], [12, sent.totalBytes]);
});

test('where connections are scarce it stays at three', async () => {
  const server = new FakeServer();
  const { sender } = sending(server, { count: 12, roomy: () => false });
  assert.equal(await sender.run(), finished);
  assert.equal(Math.max(...server.together), 3);
});

test('after the line broke it is three again', async () => {
  const server = new FakeServer();
  const fine = Array.from({ length: 6 }, () => null);
  server.failures = [...fine, ...Array.from({ length: 5 }, () => new LineLost())];
  const { sender } = sending(server, { count: 14 });
  assert.equal(await sender.run(), finished);
  assert.equal(Math.max(...server.together.slice(0, 11)), 5);
  // One more left before the first of them was known to have failed.
  assert.deepEqual(server.together.slice(12), [3, 2, 3, 4, 5, 5, 5]);
});

test('while three are on their way, the next are read', async () => {
  const server = new FakeServer();
  const { promise: allRead, resolve: tell } = Promise.withResolvers<void>();
  const read: string[] = [];
  const { packs, sender } = sending(server, {
    seal: (pack) => {
      if (read.push(keyOf(pack)) === packs.length) tell();
      return Promise.resolve(contentOf(pack));
    },
    transport: Object.assign(server, {
      send: async (parcel: Parcel) => {
        await allRead;
        await FakeServer.prototype.send.call(server, parcel);
      },
    }),
  });
  assert.equal(await sender.run(), finished);
  assert.deepEqual(read.toSorted(), packs.map(keyOf));
});

test('what the server has is not sent again, and what it has the beginning of goes on from there', async () => {
  const server = new FakeServer();
  server.here.add(digestOf(0));
  server.packs.set('key 0', {
    contentKey: 'key 0',
    blobId: 'a',
    size: 100,
    complete: true,
    understood: true,
  });
  server.packs.set('key 1', {
    contentKey: 'key 1',
    blobId: 'b',
    size: 100,
    complete: false,
    understood: false,
  });
  const { sender } = sending(server);
  await sender.run();
  assert.deepEqual(server.sent.toSorted(), ['key 2', 'key 3', 'key 4']);
  assert.deepEqual(server.resumed, ['key 1']);
  assert.equal(sender.ledger.sent.alreadyFiles, 1);
});

test('after a lost connection packs go on where they stopped, for as long as it takes', async () => {
  const server = new FakeServer();
  server.failures = Array.from({ length: 40 }, () => new LineLost());
  const lines: string[] = [];
  const { sender } = sending(server, {
    pause: async () => {
      lines.push(sender.line);
      await new Promise(setImmediate);
    },
  });
  await sender.run();
  assert.equal(server.sent.length + server.resumed.length, 5);
  assert.ok(lines.every((line) => line === 'lost'));
  assert.equal(sender.line, 'moving');
});

test('bytes that arrive from another window are asked for and not sent beside them', async () => {
  const server = new FakeServer();
  server.failures = [new ArrivingElsewhere()];
  const { sender } = sending(server, {
    pause: async () => {
      for (const pack of server.packs.values()) pack.complete = true;
      server.announced.clear();
      await new Promise(setImmediate);
    },
  });
  await sender.run();
  assert.deepEqual(server.sent.length, 4);
  assert.deepEqual(server.resumed, []);
});

test('an upload that has ended ends the sending', async () => {
  const server = new FakeServer();
  server.failures = [new UploadEnded()];
  await assert.rejects(sending(server).sender.run(), UploadEnded);
});

test('the unfinished packs of a window that is gone are waited for and then forgotten', async () => {
  const server = new FakeServer();
  server.packs.set('strange', {
    contentKey: 'strange',
    blobId: 'left behind',
    size: 9,
    complete: false,
    understood: false,
  });
  await sending(server).sender.run();
  assert.deepEqual(server.removed, ['left behind']);
});

test('a scratched file is left out, and the rest of the disc goes', async () => {
  const server = new FakeServer();
  const lost: number[] = [];
  const { sender } = sending(server, {
    seal: (pack) =>
      pack.files[0]?.at === 2 ? Promise.reject(new UnreadableFiles([0])) : Promise.resolve(contentOf(pack)),
    onLost: (places) => Promise.resolve(void lost.push(...places)),
  });
  await sender.run();
  assert.deepEqual(lost, [2]);
  assert.equal(server.sent.length, 4);
  assert.equal(sender.ledger.sent.totalFiles, 4);
});

test('two scratches are told from a disc that was taken out, also where one is in the last pack', async () => {
  const server = new FakeServer();
  const lost: number[] = [];
  const { sender } = sending(server, {
    seal: (pack) =>
      [0, 4].includes(pack.files[0]?.at ?? -1)
        ? Promise.reject(new UnreadableFiles([0]))
        : Promise.resolve(contentOf(pack)),
    onLost: (places) => Promise.resolve(void lost.push(...places)),
  });
  await sender.run();
  assert.deepEqual(lost.toSorted(), [0, 4]);
  assert.equal(server.sent.length, 3);
});

test('a disc that was taken out is waited for, and nothing of it is given up', async () => {
  const server = new FakeServer();
  let pauses = 0;
  const { packs, sender } = sending(server, {
    seal: (pack) =>
      pauses < 30 ? Promise.reject(new UnreadableFiles([0])) : Promise.resolve(contentOf(pack)),
    pause: async () => {
      pauses++;
      await new Promise(setImmediate);
    },
    onLost: () => assert.fail('given up'),
  });
  await sender.run();
  assert.equal(server.sent.length, packs.length);
});

test('a disc taken out while a pack leaves is waited for, and then read again: a scratch may have come of it', async () => {
  const server = new FakeServer();
  server.failures = [new UnreadableFiles([])];
  const lines: string[] = [];
  const lost: number[] = [];
  const { sender } = sending(server, {
    seal: (pack) =>
      lines.length > 0 && pack.files[0]?.at === 0
        ? Promise.reject(new UnreadableFiles([0]))
        : Promise.resolve(contentOf(pack)),
    pause: async () => {
      lines.push(sender.line);
      await new Promise(setImmediate);
    },
    onLost: (places) => Promise.resolve(void lost.push(...places)),
  });
  assert.equal(await sender.run(), finished);
  assert.equal(lines[0], 'disc');
  assert.deepEqual([...new Set(lost)], [0], 'what cannot be read any more is left out');
  assert.equal(server.removed.length, 1, 'and what had come of its pack is removed');
});

test('a server without room is waited for, said to be full, and gets everything once it has room', async () => {
  const server = new FakeServer();
  server.failures = [new NoRoom('Full.'), new NoRoom('Full.'), new NoRoom('Full.')];
  const lines: string[] = [];
  const pause = async () => {
    lines.push(sender.line);
    await new Promise(setImmediate);
  };
  const { packs, sender } = sending(server, { pause });
  assert.equal(await sender.run(), finished);
  assert.deepEqual(lines, ['full', 'full', 'full']);
  assert.equal(sender.line, 'moving');
  assert.equal(server.packs.size, packs.length);
});
