import assert from 'node:assert/strict';
import { hash, randomInt } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setInterval as every } from 'node:timers/promises';
import { runningDatabaseUrl } from '@filmpost/db/embedded.ts';
import { admit, operator } from '@filmpost/exchange/access/gate/commands.ts';
import { verifyAudit } from '@filmpost/exchange/audit/queries.ts';
import { openExchange } from '@filmpost/exchange/open-exchange.ts';
import { healthy } from '../../scripts/health.ts';
import { aFacility } from '../world/facility.ts';
import { freePort } from '../world/house.ts';
import {
  type Started,
  type StartedProgram,
  nobodyWorksIn,
  npmStart,
  processOf,
  workersIn,
} from '../world/started.ts';
import { anOpenedRequest } from '../world/visitors.ts';
import { Misfortune } from './misfortune.ts';
import type { Pack } from './steady-sender.ts';
import {
  type Befallen,
  aLargeStudy,
  anAnnouncedUpload,
  arrived,
  assertWhole,
  call,
  insist,
  packsOf,
  sendAll,
  setAside,
} from './sent-disc.ts';

/** How often something is killed. More take minutes: whatever keeps ending is started again after growing pauses. */
const KILLS = Number(process.env.FAULT_KILLS ?? 6);
/** Milliseconds until all of it runs again: what was killed often pauses for a quarter of a minute, and may be killed anew. */
const PATIENCE = 180_000;
const PROGRAMS: readonly StartedProgram[] = ['database', 'web', 'worker'];

/** As the supervisor calls them. */
const NAMES = { web: 'web process', worker: 'worker', database: 'database' } as const;

const linux = process.platform === 'linux';
const options = {
  timeout: 120_000 + KILLS * 40_000,
  skip: !linux && 'processes are found in /proc, which only Linux has',
};
const directory = mkdtempSync(path.join(os.tmpdir(), 'filmpost-supervised-'));
const address = { host: '127.0.0.1', port: await freePort() };
let running: Started | undefined;
let closing: (() => Promise<void>) | undefined;
let house: Befallen | undefined;

before(async () => {
  if (!linux) return;
  running = npmStart({ DATA_DIR: directory, PORT: String(address.port), DEMO: 'no' });
  await running.says('Ctrl-C stops it.');
  const databaseUrl = runningDatabaseUrl(path.join(directory, 'postgres')) ?? '';
  const url = `http://${address.host}:${address.port}`;
  const { exchange, close } = await openExchange({
    databaseUrl,
    dataDirectory: directory,
    publicUrl: `http://localhost:${address.port}`,
    secretFile: path.join(directory, 'secret'),
  });
  closing = close;
  house = { exchange, databaseUrl, url };
});
after(async () => {
  await closing?.();
  for (const pid of linux ? workersIn(directory) : []) process.kill(pid, 'SIGKILL');
  await running?.ended;
  if (linux) await nobodyWorksIn(directory);
  rmSync(directory, { recursive: true, force: true, maxRetries: 20 });
});

/** `kill -9` as soon as it runs; whether the others have recovered from the last stroke is not asked. */
async function strike(program: StartedProgram): Promise<void> {
  for await (const _ of every(20)) {
    const pid = processOf(directory, program);
    if (pid === undefined) continue;
    process.kill(pid, 'SIGKILL');
    return;
  }
}

/** Each program about as often as the others, in any order; some twice in a row, or while another recovers. */
function strokes(): { program: StartedProgram; alone: boolean }[] {
  const order = Array.from({ length: KILLS }, (_, at) => PROGRAMS[at % PROGRAMS.length] ?? 'web');
  return order
    .map((program) => ({ program, place: Math.random() }))
    .sort((one, other) => one.place - other.place)
    .map(({ program }) => ({ program, alone: randomInt(3) > 0 }));
}

/** Strokes that come together are one thing that happens. */
function misfortunes(): (() => Promise<void>)[] {
  const together: StartedProgram[][] = [];
  for (const { program, alone } of strokes()) {
    const last = together.at(-1);
    if (alone || !last) together.push([program]);
    else last.push(program);
  }
  return together.map((programs) => async () => {
    for (const program of programs) await strike(program);
  });
}

/** What the books say beside the images themselves: each pack counted once, each act written down once. */
async function assertBooks(
  { exchange }: Befallen,
  { uploadId, facilityId, packs }: { uploadId: string; facilityId: string; packs: readonly Pack[] },
): Promise<void> {
  const { db, blobs } = exchange;
  const bytes = packs.reduce((sum, pack) => sum + pack.bytes.length, 0);
  const kept = await db
    .selectFrom('blob')
    .select(['id', 'contentKey', 'state'])
    .where('uploadId', '=', uploadId)
    .where('state', '<>', 'removed')
    .execute();
  assert.deepEqual(kept.map(({ contentKey }) => contentKey).sort(), packs.map(({ key }) => key).sort());
  for (const { id, contentKey, state } of kept) {
    assert.equal(state, 'ingested');
    assert.equal(
      hash('sha256', readFileSync(blobs.path(id))),
      contentKey,
      'what was acknowledged is on the disk',
    );
  }
  const { bytesReceived, takenBytes } = await db
    .selectFrom('upload')
    .select(['bytesReceived', 'takenBytes'])
    .where('id', '=', uploadId)
    .executeTakeFirstOrThrow();
  assert.deepEqual({ bytesReceived, takenBytes }, { bytesReceived: bytes, takenBytes: bytes });
  const acts = await db
    .selectFrom('auditEntry')
    .select('action')
    .where('facilityId', '=', facilityId)
    .where('subjectId', '=', uploadId)
    .orderBy('id')
    .execute();
  assert.deepEqual(
    acts.map(({ action }) => action),
    ['upload.opened', 'upload.sent', 'upload.confirmed'],
  );
}

test(
  `${KILLS} times web, worker or PostgreSQL is killed while a disc is sent: nothing is lost or double`,
  options,
  async (t) => {
    assert.ok(house);
    const { exchange, url } = house;
    const facility = await aFacility(exchange);
    const study = aLargeStudy('supervised', 60);
    const request = await anOpenedRequest(exchange, facility);
    const uploadId = await anAnnouncedUpload(exchange, request, study);
    const bytes = study.files.reduce((sum, file) => sum + file.bytes.length, 0);
    const befalling = misfortunes();
    const misfortune = new Misfortune(bytes, befalling);
    // Whatever is still lying about is for the house to get over by itself.
    const recovered = () => healthy(address, PATIENCE);
    const { uploader: papers } = request;
    const began = Date.now();
    const again = await sendAll(study, { url, papers, uploadId, onBytes: misfortune.onBytes, recovered });
    await misfortune.over();
    await recovered();
    assert.equal(misfortune.happened, befalling.length);
    await insist(() => call({ url, papers }, 'uploads.finish', { uploadId }), recovered);
    await arrived(house, uploadId);
    await insist(() => call({ url, papers }, 'uploads.confirm', { uploadId }), recovered);
    t.diagnostic(
      `${KILLS} kills in ${befalling.length} strokes, ${again} sendings began anew, ${Math.round((Date.now() - began) / 1000)} s`,
    );
    assert.deepEqual(await setAside(exchange, uploadId), []);
    await assertWhole({ exchange, url, facility }, request, study);
    await assertBooks(house, { uploadId, facilityId: facility.id, packs: packsOf(study) });
    const granted = await admit(exchange, operator(), { capability: 'exchange:operate', subject: {} });
    assert.equal((await verifyAudit(exchange, granted)).brokenAt, null, 'the log is a whole chain');
    const reasons = running?.printed().match(/The [\w ]+ ended \([^)]*\)/g) ?? [];
    for (const [reason, again] of Object.entries(Object.groupBy(reasons, (words) => words)))
      t.diagnostic(`${again?.length} times: ${reason}`);
    const ended = PROGRAMS.filter((program) => running?.printed().includes(`The ${NAMES[program]} ended (`));
    assert.deepEqual(
      ended,
      PROGRAMS.slice(0, KILLS),
      'each was started again by what keeps the house running',
    );
  },
);
