import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { admit } from '../access/gate/commands.ts';
import { Refused } from '../access/gate/schema.ts';
import { createShare } from '../shares/commands.ts';
import { aPdf, onePagePdf } from '@filmpost/tests/world/dicom/report.ts';
import { type Study, aStudy } from '@filmpost/tests/world/dicom/study.ts';
import { type World, anExchange } from '@filmpost/tests/world/exchange.ts';
import { type Facility, aFacility } from '@filmpost/tests/world/facility.ts';
import { storeFiles } from '@filmpost/tests/world/stored.ts';
import { aRecipient, visitorWith } from '@filmpost/tests/world/visitors.ts';
import { askForPackage, auditDownload, sweepPackages } from './commands.ts';
import { packageBytes } from './parts/queries.ts';
import { planPackage } from './planning/commands.ts';
import { type Taking, findPackage, readyPackage } from './queries.ts';
import { INSTANT_INSTANCES, UNFETCHED_KEPT } from './rules.ts';
import type { PackageKind } from './schema.ts';

let world: World;
let facility: Facility;
before(async () => {
  world = await anExchange();
  facility = await aFacility(world.exchange);
});
after(() => world.close());

async function aTaking(...studies: Study[]): Promise<Taking> {
  const { exchange } = world;
  for (const { files } of studies) await storeFiles(exchange, facility, { files });
  const { shareId, code } = await createShare(exchange, facility.work, {
    facility: facility.slug,
    studyInstanceUids: studies.map(({ studyInstanceUid }) => studyInstanceUid),
  });
  const visitor = await visitorWith(exchange, await aRecipient(exchange, { code, birthDate: '1981/08/29' }));
  return admit(exchange, visitor, { capability: 'share:download', subject: { shareId } });
}

function ask(
  taking: Taking,
  { studyInstanceUid }: Pick<Study, 'studyInstanceUid'>,
  kind: PackageKind = 'zip',
) {
  return askForPackage(world.exchange, taking, {
    studyInstanceUids: [studyInstanceUid],
    kind,
    viewer: false,
  });
}

async function bytesOf(packageId: string, range: { start: number; end: number }): Promise<Buffer> {
  const pieces: Buffer[] = [];
  // Lent: the next piece may lie in the same memory.
  for await (const piece of packageBytes(world.exchange, packageId, range)) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

test('the same wish finds the same package, another kind another', async () => {
  const study = aStudy({ key: 'again' });
  const taking = await aTaking(study);
  const [first, second, iso] = [
    await ask(taking, study),
    await ask(taking, study),
    await ask(taking, study, 'iso'),
  ];
  assert.equal(first.state, 'ready');
  assert.equal(first.packageId, second.packageId);
  assert.notEqual(iso.packageId, first.packageId);
  const other = await aTaking(study);
  assert.notEqual((await ask(other, study)).packageId, first.packageId, 'another share has its own');
  assert.equal(await findPackage(world.exchange, other, first.packageId), null);
});

test('an exam that gets another image gets a new package, and the old one still gives what it gave', async () => {
  const study = aStudy({ key: 'growing', series: [{ instances: 2 }] });
  const taking = await aTaking(study);
  const first = await ask(taking, study);
  const range = { start: 0, end: first.size ?? 0 };
  const given = await bytesOf(first.packageId, range);
  const grown = aStudy({ key: 'growing', series: [{ instances: 3 }] });
  await storeFiles(world.exchange, facility, { files: grown.files });
  const second = await ask(taking, study);
  assert.notEqual(second.packageId, first.packageId);
  assert.equal(second.instances, 3);
  assert.ok((await bytesOf(first.packageId, range)).equals(given));
});

test('of an exam that lost an image the old package is not whole any more', async () => {
  const study = aStudy({ key: 'losing' });
  const taking = await aTaking(study);
  const { packageId } = await ask(taking, study);
  assert.equal((await readyPackage(world.exchange, taking, packageId))?.intact, true);
  const lost = study.files[1]?.sopInstanceUid ?? '';
  await world.exchange.db.deleteFrom('instance').where('sopInstanceUid', '=', lost).execute();
  assert.equal((await readyPackage(world.exchange, taking, packageId))?.intact, false);
  assert.notEqual((await ask(taking, study)).packageId, packageId);
});

for (const kind of ['zip', 'iso'] as const) {
  test(`any range of a ${kind} is that of the whole`, async () => {
    const study = aStudy({ key: `ranges ${kind}`, series: [{ instances: 300 }] });
    const document = aPdf({ study: study.context, seriesNumber: 9, document: onePagePdf('x'.repeat(1500)) });
    const files = [...study.files, { ...document, path: 'PDF' }];
    const taking = await aTaking({ ...study, files });
    const { packageId, size } = await ask(taking, study, kind);
    const whole = await bytesOf(packageId, { start: 0, end: size ?? 0 });
    assert.equal(whole.length, size);
    let seed = createHash('sha256').update(kind).digest();
    for (let i = 0; i < 60; i++) {
      seed = createHash('sha256').update(seed).digest();
      const start = seed.readUInt32LE(0) % whole.length;
      const end = start + 1 + (seed.readUInt32LE(4) % Math.min(whole.length - start, i % 2 ? 1 << 20 : 200));
      assert.ok(
        (await bytesOf(packageId, { start, end })).equals(whole.subarray(start, end)),
        `${start}-${end}`,
      );
    }
  });
}

test('a large package is planned by a worker, and whoever waits sees it move', async () => {
  const study = aStudy({ key: 'large', series: [{ instances: INSTANT_INSTANCES + 1, rows: 8, columns: 8 }] });
  const taking = await aTaking(study);
  const asked = await ask(taking, study);
  assert.deepEqual([asked.state, asked.size], ['planning', null]);
  await world.work();
  const ready = await findPackage(world.exchange, taking, asked.packageId);
  assert.equal(ready?.state, 'ready');
  const told = await world.exchange.db
    .selectFrom('event')
    .select('payload')
    .where('kind', '=', 'package.changed')
    .where('topic', '=', 'shareId' in taking ? `share:${taking.shareId}` : '')
    .orderBy('sequence', 'desc')
    .executeTakeFirstOrThrow();
  assert.deepEqual(told.payload, { package: ready });
});

test('two who plan one package leave one plan', async () => {
  const study = aStudy({ key: 'twice', series: [{ instances: INSTANT_INSTANCES + 2, rows: 8, columns: 8 }] });
  const taking = await aTaking(study);
  const { packageId } = await ask(taking, study);
  await Promise.all([planPackage(world.exchange, packageId), planPackage(world.exchange, packageId)]);
  const size = (await findPackage(world.exchange, taking, packageId))?.size ?? 0;
  assert.equal((await bytesOf(packageId, { start: 0, end: size })).length, size);
});

test('a plan that nobody fetched for a week is forgotten; one that somebody did stays', async () => {
  const study = aStudy({ key: 'forgotten' });
  const taking = await aTaking(study);
  const [zip, iso] = [await ask(taking, study), await ask(taking, study, 'iso')];
  world.pass({ days: 5 });
  const ready = await readyPackage(world.exchange, taking, zip.packageId);
  assert.ok(ready);
  await auditDownload(world.exchange, taking, { ready, start: 0 });
  world.pass({ days: 3 });
  await sweepPackages(world.exchange);
  assert.ok(await findPackage(world.exchange, taking, zip.packageId));
  assert.equal(await findPackage(world.exchange, taking, iso.packageId), null);
});

test('a download is written down once a start, and one that goes on is not another', async () => {
  const study = aStudy({ key: 'audited' });
  const taking = await aTaking(study);
  const { packageId } = await ask(taking, study);
  const ready = await readyPackage(world.exchange, taking, packageId);
  assert.ok(ready);
  const written = async () => {
    const rows = await world.exchange.db
      .selectFrom('auditEntry')
      .select('detail')
      .where('action', '=', 'study.downloaded')
      .execute();
    return rows.filter(({ detail }) => JSON.stringify(detail).includes(packageId)).length;
  };
  await auditDownload(world.exchange, taking, { ready, start: 100 });
  assert.equal(await written(), 1, 'who begins in the middle takes something, too');
  await auditDownload(world.exchange, taking, { ready, start: 200 });
  assert.equal(await written(), 1);
  await auditDownload(world.exchange, taking, { ready, start: 0 });
  assert.equal(await written(), 2);
});

test('choosing to and fro leaves a bounded number of plans behind', async () => {
  const studies = Array.from({ length: 5 }, (_, i) =>
    aStudy({ key: `to and fro ${i}`, series: [{ instances: 1 }] }),
  );
  const taking = await aTaking(...studies);
  for (let choice = 1; choice < 2 ** studies.length; choice++) {
    const some = studies.filter((_, i) => choice & (1 << i));
    const studyInstanceUids = some.map(({ studyInstanceUid }) => studyInstanceUid);
    await askForPackage(world.exchange, taking, { studyInstanceUids, kind: 'zip', viewer: false });
  }
  const kept = await world.exchange.db
    .selectFrom('package')
    .select('id')
    .where('shareId', '=', 'shareId' in taking ? taking.shareId : null)
    .execute();
  assert.equal(kept.length, UNFETCHED_KEPT);
});

test('there is no package of nothing, or of what is not the taker’s', async () => {
  const taking = await aTaking(aStudy({ key: 'own' }));
  const foreign = aStudy({ key: 'foreign' });
  await storeFiles(world.exchange, facility, { files: foreign.files });
  await assert.rejects(ask(taking, foreign), Refused);
  await assert.rejects(ask(taking, { studyInstanceUid: '1.2.3' }), Refused);
});
