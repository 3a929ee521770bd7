import assert from 'node:assert/strict';
import { type TestContext, after, before, test } from 'node:test';
import { createRequest } from '@filmpost/exchange/requests/commands.ts';
import { createShare } from '@filmpost/exchange/shares/commands.ts';
import type { Browser, Page } from '@playwright/test';
import { sha256, storedDigests } from '../world/archived.ts';
import { launchBrowser } from '../world/browser.ts';
import { type Disc, aDisc } from '../world/dicom/disc.ts';
import { discFolder } from '../world/dicom/disc-folder.ts';
import { aStudy } from '../world/dicom/study.ts';
import { type Line, aLine } from '../world/line.ts';
import { picturesOfFailure } from '../world/failing.ts';
import { type Facility, aFacility } from '../world/facility.ts';
import { type House, aHouse } from '../world/house.ts';
import { ada } from '../world/people.ts';
import {
  chooseFolder,
  confirm,
  enterPin,
  getReady,
  sendAtMost,
  sentAtLeast,
  upload,
} from '../world/visits/outside-clinic.ts';
import { examRow, mark, neverReloaded, openShare, rowBecomes } from '../world/visits/physician.ts';
import { type WatchedContext, aWatchedContext, secretsOf } from '../world/watched.ts';

/** Eight packs of half a megabyte, of which three travel at a time. */
const SLICES = 512;
/** Slow enough that every break comes in the middle, in bytes a second. */
const PACE = 256 * 1024;
/** What pages log of requests that cannot reach a server that is not there. */
const OUTAGE =
  /ERR_(?:INTERNET_DISCONNECTED|CONNECTION_\w+|SOCKET_NOT_CONNECTED|EMPTY_RESPONSE|NETWORK_\w+|FAILED|SOCKS\w+|PROXY\w+)|WebSocket/;

const birthDate = '1981-08-29';

let house: House;
let browser: Browser;
before(async () => {
  house = await aHouse();
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await house?.close();
});

function aHeadDisc(key: string): Disc {
  const head = aStudy({ key, studyDescription: 'CT Head', series: [{ instances: SLICES }] });
  return aDisc({ studies: [head], tame: true });
}

interface Walk {
  sender: Page;
  physician: Page;
  /** The disc as a folder. */
  directory: string;
  studyInstanceUid: string;
  line: Line;
  /** Offsets at which packs went on that had been begun before. */
  resumedAt: number[];
}

interface Begun extends Walk {
  facility: Facility;
  requestId: string;
  disc: Disc;
  people: WatchedContext[];
}

/** An upload in its middle, watched by a physician from before its beginning. */
async function anUploadUnderWay(t: TestContext, directory: string, disc: Disc): Promise<Begun> {
  const facility = await aFacility(house.exchange, { name: `Hospital of ${disc.studies[0]?.context.key}` });
  const asked = { facility: facility.slug, patientName: ada.name, birthDate, details: 'CT of the head.' };
  const request = await createRequest(house.exchange, facility.work, asked);
  const { requestId } = request;
  const follows = { facility: facility.slug, studyInstanceUids: [], requestId };
  const share = await createShare(house.exchange, facility.work, follows);
  const watching = { secrets: [...secretsOf(ada), share.code, request.pin], forgive: OUTAGE };
  const line = await aLine();
  const clinic = await aWatchedContext(browser, house, { ...watching, proxy: line.proxy });
  const office = await aWatchedContext(browser, house, watching);
  picturesOfFailure(t, { clinic, office });
  t.after(async () => {
    for (const { context } of [clinic, office]) await context.close();
    line.close();
  });
  const [sender, physician] = [clinic.page, office.page];
  await openShare(physician, { ...share, birthDate });
  await mark(physician);

  await enterPin(sender, request);
  await getReady(sender);
  await chooseFolder(sender, directory);
  const resumedAt: number[] = [];
  clinic.context.on('request', (sent) => {
    if (sent.method() === 'PATCH') resumedAt.push(Number(sent.headers()['upload-offset']));
  });
  await sendAtMost(sender, PACE);
  await upload(sender);
  const [{ studyInstanceUid } = { studyInstanceUid: '' }] = disc.studies;
  await examRow(physician, studyInstanceUid).getByRole('link', { name: 'View imaging' }).waitFor();
  // The first three packs are there, the next three well on their way.
  await sentAtLeast(sender, 3 * 64 + 90);
  const people = [clinic, office];
  return {
    sender,
    physician,
    directory,
    studyInstanceUid,
    line,
    resumedAt,
    facility,
    requestId,
    disc,
    people,
  };
}

/** The end that every interrupted upload has to have. */
async function endsWell({
  sender,
  physician,
  studyInstanceUid,
  line,
  facility,
  requestId,
  disc,
  people,
}: Begun) {
  await confirm(sender);
  await rowBecomes(physician, studyInstanceUid, 'ready');
  await examRow(physician, studyInstanceUid).getByText(`${SLICES} images`).waitFor();
  assert.ok(await neverReloaded(physician), 'the physician did not have to reload');
  assert.deepEqual(
    await storedDigests(house.exchange, facility.id),
    disc.instances.map(({ bytes }) => sha256(bytes)).sort(),
    'every file is there once, byte for byte',
  );
  const [own, sent, kept] = [bytesOf(disc), line.bytesUp(), await bytesKept(requestId)];
  assert.ok(sent > own && sent < own * 1.1, `${sent} bytes went over the line for ${own} of images`);
  assert.ok(kept > own && kept < own * 1.02, `${kept} bytes are kept for ${own} of images`);
  for (const each of people) await each.expectClean();
}

/** Bytes on the server's disk that came for a request, whatever became of them. */
async function bytesKept(requestId: string): Promise<number> {
  const { db, blobs } = house.exchange;
  const rows = await db
    .selectFrom('blob')
    .innerJoin('upload', 'upload.id', 'blob.uploadId')
    .select(['blob.id', 'blob.uploadId'])
    .where('upload.requestId', '=', requestId)
    .execute();
  assert.equal(new Set(rows.map(({ uploadId }) => uploadId)).size, 1, 'it stayed one upload');
  const sizes = await Promise.all(rows.map(({ id }) => blobs.size(id).catch(() => 0)));
  return sizes.reduce((sum, size) => sum + size, 0);
}

function bytesOf({ instances }: Disc): number {
  return instances.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

async function interrupted(
  t: TestContext,
  key: string,
  interrupt: (walk: Walk) => Promise<void>,
): Promise<void> {
  const disc = aHeadDisc(key);
  await using folder = await discFolder(disc);
  const begun = await anUploadUnderWay(t, folder.directory, disc);
  await interrupt(begun);
  await sendAtMost(begun.sender);
  await endsWell(begun);
}

test('the line of the sender is gone for twenty seconds', { timeout: 600_000 }, async (t) => {
  await interrupted(t, 'line', async ({ sender, physician, studyInstanceUid, line, resumedAt }) => {
    line.cut();
    const cut = Date.now();
    await sender
      .getByText('Connection lost. Your upload continues by itself as soon as it is back.')
      .waitFor();
    await examRow(physician, studyInstanceUid).getByText('Sender’s connection paused').waitFor();
    // How long the line is gone is what this is about, not something waited for.
    await physician.waitForFunction((since) => Date.now() - since >= 20_000, cut);
    line.mend();
    await sender.getByText('Connection lost').waitFor({ state: 'detached' });
    await sentAtLeast(sender, 450);
    assert.ok(Math.max(...resumedAt) > 0, 'packs that were under way go on where they were cut');
  });
});

test('the tab of the sender is reloaded and the same disc chosen again', { timeout: 600_000 }, async (t) => {
  await interrupted(t, 'tab', async ({ sender, physician, directory }) => {
    sender.on('dialog', (dialog) => void dialog.accept());
    await sender.reload();
    await sender.getByText(/^Continuing – \d+ images already received/).waitFor();
    await chooseFolder(sender, directory);
    await upload(sender);
    await sender.getByText(/ had been received before and are not sent again/).waitFor();
    await physician.getByText('Transfer in Progress').waitFor();
  });
});

test('web and worker are killed in the middle and come back', { timeout: 600_000 }, async (t) => {
  await interrupted(t, 'server', async ({ sender, physician }) => {
    await Promise.all([house.web.kill(), house.worker.kill()]);
    await sender
      .getByText('Connection lost. Your upload continues by itself as soon as it is back.')
      .waitFor();
    await physician.getByText(/^Not connected\./).waitFor();
    await Promise.all([house.web.start(), house.worker.start()]);
    await physician.getByText(/^Not connected\./).waitFor({ state: 'detached' });
    await sender.getByText('Connection lost').waitFor({ state: 'detached' });
    await sentAtLeast(sender, 400);
  });
});
