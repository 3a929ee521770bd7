import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { buildPage } from '@filmpost/disc-viewer/build-page.ts';
import { builtPage } from '@filmpost/disc-viewer/files.ts';
import { aReport } from '@filmpost/tests/world/dicom/report.ts';
import { type Study, aStudy } from '@filmpost/tests/world/dicom/study.ts';
import { type World, anExchange } from '@filmpost/tests/world/exchange.ts';
import { type Facility, aFacility } from '@filmpost/tests/world/facility.ts';
import { storeFiles } from '@filmpost/tests/world/stored.ts';
import { unzipped } from '@filmpost/tests/world/unzipped.ts';
import { aRecipient, visitorWith } from '@filmpost/tests/world/visitors.ts';
import { admit } from '../../access/gate/commands.ts';
import { createShare } from '../../shares/commands.ts';
import { askForPackage } from '../commands.ts';
import { packageBytes } from '../parts/queries.ts';
import { findPackage } from '../queries.ts';

let world: World;
let facility: Facility;
before(async () => {
  world = await anExchange();
  facility = await aFacility(world.exchange);
  await buildPage(builtPage);
});
after(() => world.close());

/** The package of a study as ZIP, planned as a worker does. */
async function packed(study: Study, viewer: boolean): Promise<Map<string, Buffer>> {
  const { exchange } = world;
  await storeFiles(exchange, facility, { files: study.files });
  const { studyInstanceUid } = study;
  const share = { facility: facility.slug, studyInstanceUids: [studyInstanceUid] };
  const { shareId, code } = await createShare(exchange, facility.work, share);
  const visitor = await visitorWith(exchange, await aRecipient(exchange, { code, birthDate: '1981/08/29' }));
  const taking = await admit(exchange, visitor, { capability: 'share:download', subject: { shareId } });
  const wish = { studyInstanceUids: [studyInstanceUid], kind: 'zip' as const, viewer };
  const { packageId, state } = await askForPackage(exchange, taking, wish);
  assert.equal(state, viewer ? 'planning' : 'ready', 'what has to be drawn is left to the worker');
  await world.work();
  const size = (await findPackage(exchange, taking, packageId))?.size ?? 0;
  const pieces: Buffer[] = [];
  for await (const piece of packageBytes(exchange, packageId, { start: 0, end: size }))
    pieces.push(Buffer.from(piece));
  return unzipped(Buffer.concat(pieces));
}

const copiesIn = (files: ReadonlyMap<string, Uint8Array>) =>
  [...files.keys()].filter((name) => name.startsWith('IHE_PDI/')).sort();

test('with the viewer come copies of some images of each series, and without it none', async () => {
  const study = aStudy({ key: 'copied', series: [{ instances: 9 }, { instances: 1 }] });
  assert.deepEqual(copiesIn(await packed(study, false)), []);
  const files = await packed(study, true);
  const jpegs = ['IHE_PDI/P1.JPG', 'IHE_PDI/P2.JPG', 'IHE_PDI/P3.JPG', 'IHE_PDI/P4.JPG'];
  assert.deepEqual(copiesIn(files), ['IHE_PDI/INDEX.HTM', ...jpegs]);
  for (const name of jpegs) assert.equal(files.get(name)?.toString('hex', 0, 3), 'ffd8ff');
  const text = (name: string) => files.get(name)?.toString() ?? '';
  assert.match(text('IHE_PDI/INDEX.HTM'), /image 5 of 9/);
  assert.match(text('VIEWER/DISC.JS'), /"copies":\[{"image":1,"path":"IHE_PDI\/P1.JPG"}/);
  for (const link of ['VIEWER.HTM', 'GUIDE.PDF', 'IHE_PDI/INDEX.HTM'])
    assert.ok(text('INDEX.HTM').includes(`href="${link}"`), link);
  // They are part of what is signed.
  for (const name of jpegs) assert.match(text('MANIFEST.SHA256'), new RegExp(`  ${name}$`, 'm'));
});

test('an image that cannot be drawn has no copy, and its package is whole', async () => {
  // JPEG 2000 by its name alone.
  const broken = {
    transferSyntaxUid: '1.2.840.10008.1.2.4.90',
    compressedFrames: [Uint8Array.from({ length: 64 }, (_, at) => at)],
  };
  const study = aStudy({ key: 'undrawable', series: [{ instances: 2, ...broken }, { instances: 1 }] });
  const report = { ...aReport({ study: study.context, seriesNumber: 7, text: 'Nothing.' }), path: 'SR' };
  const files = await packed({ ...study, files: [...study.files, report] }, true);
  assert.deepEqual(copiesIn(files), ['IHE_PDI/INDEX.HTM', 'IHE_PDI/P1.JPG']);
  assert.equal([...files.keys()].filter((name) => name.startsWith('IMAGES/DICOMS/')).length, 4);
});
