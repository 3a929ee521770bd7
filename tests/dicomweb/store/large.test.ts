import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { pipeline } from 'node:stream/promises';
import { after, before, test } from 'node:test';
import { anInstance } from '../../world/dicom/instance.ts';
import { type ServedWorld, aServer } from '../../world/exchange.ts';
import { type Device, aDevice, aFacility } from '../../world/facility.ts';
import { withKey } from '../../world/visitors.ts';

const MEGABYTE = 1024 * 1024;
const ROWS = 16_384;
/** Server and client live in this process. */
const MOST_GROWTH = 120 * MEGABYTE;

let world: ServedWorld;
let device: Device;
before(async () => {
  world = await aServer({ uploadMaxBytes: 4096 * MEGABYTE });
  device = await aDevice(world.exchange, await aFacility(world.exchange));
});
after(() => world.close());

/** An instance of half a gigabyte whose pixels are zeros, as a multipart body that is never whole in memory. */
async function* aLargeBody(boundary: string): AsyncGenerator<Uint8Array> {
  const { bytes } = anInstance({ rows: 1, columns: 1, attributes: { Rows: ROWS, Columns: ROWS } });
  const head = Buffer.from(bytes.subarray(0, bytes.length - 2));
  head.writeUInt32LE(ROWS * ROWS * 2, head.length - 4);
  yield Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`);
  yield head;
  const zeros = Buffer.alloc(MEGABYTE);
  for (let sent = 0; sent < ROWS * ROWS * 2; sent += zeros.length) yield zeros;
  yield Buffer.from(`\r\n--${boundary}--\r\n`);
}

test('half a gigabyte in one instance is stored with flat memory', { timeout: 120_000 }, async () => {
  const boundary = 'between';
  let before = 0;
  let peak = 0;
  async function* watched() {
    let sent = 0;
    for await (const piece of aLargeBody(boundary)) {
      yield piece;
      sent += piece.length;
      if (sent < 50 * MEGABYTE) before = process.memoryUsage.rss();
      else peak = Math.max(peak, process.memoryUsage.rss());
    }
  }
  const request = http.request(`${world.url}/dicomweb/studies`, {
    method: 'POST',
    headers: {
      ...withKey(device.key),
      'content-type': `multipart/related; type="application/dicom"; boundary=${boundary}`,
    },
  });
  const [[response]] = await Promise.all([once(request, 'response'), pipeline(watched, request)]);
  response.resume();
  peak = Math.max(peak, process.memoryUsage.rss());
  assert.equal(response.statusCode, 200);
  const row = await world.exchange.db.selectFrom('instance').select('byteLength').executeTakeFirstOrThrow();
  assert.ok(row.byteLength > ROWS * ROWS * 2);
  assert.ok(peak - before < MOST_GROWTH, `grew by ${Math.round((peak - before) / MEGABYTE)} MB`);
});
