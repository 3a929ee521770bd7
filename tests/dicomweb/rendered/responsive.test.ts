import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { imagingProcesses } from '@filmpost/imaging/processes.ts';
import { type Study, aStudy } from '@filmpost/tests/world/dicom/study.ts';
import { type ServedWorld, aServer } from '@filmpost/tests/world/exchange.ts';
import { type Device, aDevice, aFacility } from '@filmpost/tests/world/facility.ts';
import { storeFiles } from '@filmpost/tests/world/stored.ts';
import { withKey } from '@filmpost/tests/world/visitors.ts';
import { jpegOfManyScans } from '../../../packages/imaging/fixtures/frames.ts';

let world: ServedWorld;
let device: Device;
/** A picture that takes minutes, and twenty that take a moment. */
let study: Study;
before(async () => {
  world = await aServer();
  const facility = await aFacility(world.exchange);
  device = await aDevice(world.exchange, facility);
  const { bytes, format, transferSyntaxUid } = jpegOfManyScans();
  const { rows, columns } = format;
  const hostile = {
    transferSyntaxUid,
    compressedFrames: [bytes],
    rows: 8,
    columns: 8,
    bitsAllocated: 8 as const,
  };
  study = aStudy({
    series: [{ instances: 1, ...hostile, attributes: { Rows: rows, Columns: columns } }, { instances: 20 }],
  });
  await storeFiles(world.exchange, facility, { files: study.files, device });
});
after(() => world.close());

function thumbnail({ studyInstanceUid, seriesInstanceUid, sopInstanceUid }: Study['files'][number]) {
  const at = `studies/${studyInstanceUid}/series/${seriesInstanceUid}/instances/${sopInstanceUid}/thumbnail`;
  return fetch(`${world.url}/dicomweb/${at}`, { headers: withKey(device.key) });
}

test('while a picture takes for ever, the server answers, other pictures are made, and none of it lasts', async () => {
  const [hostile, ...others] = study.files;
  const stuck = thumbnail(hostile!);
  const answers = await Promise.all([
    ...others.map(thumbnail),
    ...others.map(() => fetch(`${world.url}/health`)),
  ]);
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
  // What the clock would do in twenty seconds.
  imagingProcesses().close();
  const lost = await stuck;
  assert.equal(lost.status, 500);
  assert.match((await lost.json()).error, /given up/);
  assert.equal((await thumbnail(hostile!)).status, 500, 'it is not tried again at once');
  assert.deepEqual(imagingProcesses().pids, []);
  assert.equal((await thumbnail(others[0]!)).status, 200);
});
