import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type TestContext, after, before, describe, test } from 'node:test';
import { buildPage } from '@filmpost/disc-viewer/build-page.ts';
import { builtPage } from '@filmpost/disc-viewer/files.ts';
import { admit, recognise } from '@filmpost/exchange/access/gate/commands.ts';
import { askForPackage } from '@filmpost/exchange/packages/commands.ts';
import { packageBytes } from '@filmpost/exchange/packages/parts/queries.ts';
import { type Taking, findPackage } from '@filmpost/exchange/packages/queries.ts';
import type { PackageKind } from '@filmpost/exchange/packages/schema.ts';
import { type World, anExchange } from '@filmpost/tests/world/exchange.ts';
import { aDevice, aFacility } from '@filmpost/tests/world/facility.ts';
import { judgeDicomdir, judgeDiskImage, judgeZip, judgedBy } from '@filmpost/tests/world/judges.ts';
import { WITHOUT_PACS, aPacs } from '@filmpost/tests/world/pacs.ts';
import { storeFiles } from '@filmpost/tests/world/stored.ts';

const SAMPLES_DIR = process.env.SAMPLES_DIR ?? '';
const WITHOUT_SAMPLES = SAMPLES_DIR === '' && 'SAMPLES_DIR does not name the folder of sample files';
const KINDS = ['zip', 'iso'] as const;
const sha256 = (bytes: Uint8Array) => hash('sha256', bytes);

/** Every kind of file that anybody ever handed in, taken along in one package with everything that goes into one. */
describe('a package of the whole collection of samples', { skip: WITHOUT_SAMPLES }, () => {
  let world: World;
  let taking: Taking;
  let folder: string;
  const files: Record<PackageKind, string> = { zip: '', iso: '' };
  const unpacked: Record<PackageKind, string> = { zip: '', iso: '' };
  /** Digests of the instances as they leave. */
  let instances: string[] = [];
  /** By digest of what leaves: what was handed in, and under which name. */
  const handedIn = new Map<string, { path: string; bytes: Uint8Array }>();

  before(async () => {
    world = await anExchange();
    folder = mkdtempSync(path.join(os.tmpdir(), 'filmpost-samples-'));
    await buildPage(builtPage);
    taking = await everythingStored();
    for (const kind of KINDS) {
      files[kind] = path.join(folder, `package.${kind}`);
      await take(kind, files[kind]);
      unpacked[kind] = path.join(folder, kind);
      mkdirSync(unpacked[kind]);
      spawnSync('7z', ['x', '-y', `-o${unpacked[kind]}`, files[kind]]);
    }
  });
  after(async () => {
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function everythingStored(): Promise<Taking> {
    const { exchange } = world;
    const facility = await aFacility(exchange);
    const device = await aDevice(exchange, facility);
    const entries = readdirSync(SAMPLES_DIR, { recursive: true, withFileTypes: true });
    const stored = entries
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .map((file) => ({ path: path.relative(SAMPLES_DIR, file), bytes: readFileSync(file) }));
    await storeFiles(exchange, facility, { files: stored, device });
    await world.work();
    const rows = await exchange.db
      .selectFrom('instance')
      .select((eb) => ['sha256', eb.fn.coalesce('servedSha256', 'sha256').as('leaving')] as const)
      .execute();
    const samples = new Map(stored.map((file) => [sha256(file.bytes), file]));
    for (const row of rows) {
      const sample = samples.get(row.sha256.toString('hex'));
      if (sample) handedIn.set(row.leaving.toString('hex'), sample);
    }
    instances = rows.map(({ leaving }) => leaving.toString('hex')).sort();
    const visitor = await recognise(exchange, {
      address: 'local',
      headers: new Headers(),
      bearer: device.key,
    });
    return admit(exchange, visitor, { capability: 'archive:read', subject: { facility: null } });
  }

  async function take(kind: PackageKind, file: string): Promise<void> {
    const { exchange } = world;
    const studies = await exchange.db.selectFrom('study').select('studyInstanceUid').execute();
    const studyInstanceUids = studies.map((study) => study.studyInstanceUid);
    const { packageId } = await askForPackage(exchange, taking, { studyInstanceUids, kind, viewer: true });
    await world.work();
    const size = (await findPackage(exchange, taking, packageId))?.size ?? 0;
    await using out = await open(file, 'w');
    for await (const piece of packageBytes(exchange, packageId, { start: 0, end: size }))
      await out.write(piece);
  }

  /** The unpacked package; without 7z there is none. */
  function unpackedHere(t: TestContext, kind: PackageKind): string | undefined {
    if (readdirSync(unpacked[kind]).length === 0) return void t.skip('7z is not installed here');
    return unpacked[kind];
  }

  /** Files with UIDs so wrong that DICOMDIR cannot list them: README.TXT counts them. */
  function unlisted(root: string): number {
    const readme = readFileSync(path.join(root, 'README.TXT'), 'utf8').replaceAll(/\s+/g, ' ');
    return Number(/(\d+) files? with identifiers that are none/.exec(readme)?.[1] ?? 0);
  }

  test('is a ZIP for everybody who unpacks them', (t) => judgeZip(t, files.zip));
  test('is a disk image for everybody who reads them', (t) => judgeDiskImage(t, files.iso));

  test('is mounted by Linux', (t) => {
    const place = path.join(folder, 'mounted');
    mkdirSync(place);
    const { status, stderr } = spawnSync('mount', ['-o', 'loop,ro', files.iso, place], { encoding: 'utf8' });
    if (status !== 0)
      return t.skip(`no disk image can be mounted here: ${stderr?.split('\n', 1)[0] ?? 'no mount'}`);
    try {
      judgedBy(t, ['sha256sum', '--strict', '--quiet', '-c', 'MANIFEST.SHA256'], { cwd: place });
    } finally {
      spawnSync('umount', [place]);
    }
  });

  for (const kind of KINDS) {
    test(`holds every instance in its ${kind} as it came, and all that its manifest says`, (t) => {
      const root = unpackedHere(t, kind);
      if (!root) return;
      const images = path.join(root, 'IMAGES/DICOMS');
      const taken = readdirSync(images).map((name) => sha256(readFileSync(path.join(images, name))));
      assert.deepEqual(taken.sort(), instances);
      const said = judgedBy(t, ['sha256sum', '--strict', '-c', 'MANIFEST.SHA256'], { cwd: root });
      const all = readdirSync(root, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
      if (said !== undefined) assert.equal(said.match(/: OK$/gm)?.length, all.length - 2);
      const copies = readdirSync(path.join(root, 'IHE_PDI')).length - 1;
      t.diagnostic(`${instances.length} instances, ${unlisted(root)} unlisted, ${copies} copies`);
      assert.ok(copies > 0);
    });

    for (const place of ['', 'IMAGES'])
      test(`has in its ${kind} a DICOMDIR in /${place} that leads to every image`, (t) => {
        const root = unpackedHere(t, kind);
        if (!root) return;
        const listed = instances.length - unlisted(root);
        const dicomdir = path.join(root, place, 'DICOMDIR');
        judgeDicomdir(t, dicomdir, { id: 'IMAGES', instances: listed, wrongUids: true });
      });
  }

  test('is imported by Orthanc, which then holds the same bytes', { skip: WITHOUT_PACS }, async (t) => {
    const root = unpackedHere(t, 'iso');
    if (!root) return;
    const images = path.join(root, 'IMAGES/DICOMS');
    await using pacs = await aPacs();
    const imported = new Set<string>();
    const refused: string[] = [];
    for (const name of readdirSync(images)) {
      const bytes = readFileSync(path.join(images, name));
      const outcome = await pacs.offer(bytes);
      if (outcome === 'stored') imported.add(sha256(bytes));
      if (outcome !== 'refused') continue;
      const own = handedIn.get(sha256(bytes));
      assert.ok(own, `${name} is refused, and nothing that was handed in left as it`);
      assert.equal(await pacs.offer(own.bytes), 'refused', `${own.path} is taken as it was handed in`);
      refused.push(own.path);
    }
    t.diagnostic(`${imported.size} of ${instances.length} imported; refused as handed in: ${refused.join()}`);
    assert.deepEqual(new Set((await pacs.files()).map(sha256)), imported);
    assert.ok(imported.size > 0.9 * instances.length);
  });
});
