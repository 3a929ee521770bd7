import assert from 'node:assert/strict';
import { type TestContext, after, before, test } from 'node:test';
import { createRequest } from '@filmpost/exchange/requests/commands.ts';
import type { CreatedRequest } from '@filmpost/exchange/requests/schema.ts';
import type { Browser, Page } from '@playwright/test';
import { sql } from 'kysely';
import { sha256, storedDigests } from '../world/archived.ts';
import { launchBrowser } from '../world/browser.ts';
import { type Disc, aDisc } from '../world/dicom/disc.ts';
import { discFolder } from '../world/dicom/disc-folder.ts';
import { aStudy } from '../world/dicom/study.ts';
import { picturesOfFailure } from '../world/failing.ts';
import { aFacility } from '../world/facility.ts';
import { type House, aHouse } from '../world/house.ts';
import { aLine } from '../world/line.ts';
import { ada } from '../world/people.ts';
import {
  bill,
  chooseFolder,
  confirm,
  enterPin,
  getReady,
  sendAtMost,
  sentAtLeast,
  upload,
} from '../world/visits/outside-clinic.ts';
import { aWatchedContext, secretsOf } from '../world/watched.ts';

const SLICES = 512;
/** Slow enough that windows are closed in the middle, in bytes a second. */
const PACE = 256 * 1024;

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

/** One colleague's computer: a browser that knows nothing, on a line of its own that counts. */
async function aComputer(t: TestContext, request: CreatedRequest, { continues }: { continues: boolean }) {
  const line = await aLine();
  const secrets = [...secretsOf(ada), request.pin];
  const clinic = await aWatchedContext(browser, house, {
    secrets,
    proxy: line.proxy,
    forgive: /ERR_|WebSocket/,
  });
  picturesOfFailure(t, { [`computer ${line.proxy.server}`]: clinic });
  await enterPin(clinic.page, request);
  if (continues) await clinic.page.getByText(/^Continuing – /).waitFor();
  else await getReady(clinic.page);
  t.after(() => clinic.context.close());
  t.after(() => line.close());
  const before = line.bytesUp();
  return {
    page: clinic.page,
    expectClean: clinic.expectClean,
    sent: () => line.bytesUp() - before,
    leave: async () => {
      await clinic.context.close();
      line.close();
    },
  };
}

/** Sends a folder slowly until so many images left, and closes the window. */
async function sendAPartOf(page: Page, directory: string, images: number): Promise<void> {
  await chooseFolder(page, directory);
  await sendAtMost(page, PACE);
  await upload(page);
  await sentAtLeast(page, images);
}

/** Bytes of files that are verified for a facility; settles once everything that arrived was looked at. */
async function verifiedBytes(facilityId: string): Promise<number> {
  for (const end = Date.now() + 60_000; Date.now() < end;) {
    const { rows } = await sql<{ waiting: number; verified: number }>`
      select (select count(*) from blob b join upload u on u.id = b.upload_id
              where u.facility_id = ${facilityId} and b.state = 'received') as waiting,
        (select coalesce(sum(f.size), 0)::bigint from upload_file f join upload u on u.id = f.upload_id
         where u.facility_id = ${facilityId} and f.state = 'verified') as verified`.execute(
      house.exchange.db,
    );
    if (rows[0]?.waiting === 0) return rows[0].verified;
    await new Promise(setImmediate);
  }
  return assert.fail('the worker did not look at what arrived');
}

const bytesOf = ({ instances }: Disc) => instances.reduce((sum, { bytes }) => sum + bytes.length, 0);

test('a disc goes on from other computers, in other parts, and nothing verified is sent twice', async (t) => {
  const study = aStudy({ key: 'content', studyDescription: 'CT Head', series: [{ instances: SLICES }] });
  const disc = aDisc({ studies: [study], tame: true });
  await using whole = await discFolder(disc);
  await using half = await discFolder({ files: disc.files.filter((_, at) => at % 2 === 0) });
  const facility = await aFacility(house.exchange, { slug: 'st-antony' });
  const request = await createRequest(house.exchange, facility.work, {
    facility: facility.slug,
    patientName: ada.name,
    birthDate: '1981-08-29',
    details: 'CT of the head.',
  });
  const own = bytesOf(disc);
  const overhead = own / 10;

  const first = await aComputer(t, request, { continues: false });
  await sendAPartOf(first.page, half.directory, 220);
  await first.leave();
  const afterFirst = await verifiedBytes(facility.id);
  assert.ok(afterFirst > 0, 'a part of the disc is there');

  const second = await aComputer(t, request, { continues: true });
  await sendAPartOf(second.page, whole.directory, 420);
  await second.leave();
  const afterSecond = await verifiedBytes(facility.id);
  assert.ok(afterSecond > afterFirst, 'another part of it came from another computer');
  assert.ok(second.sent() < own - afterFirst + overhead, 'nothing verified went over its line');
  t.diagnostic(`first computer: ${afterFirst} verified of ${own}`);
  t.diagnostic(`second computer: ${second.sent()} sent, ${afterSecond - afterFirst} more verified`);

  const third = await aComputer(t, request, { continues: true });
  await chooseFolder(third.page, whole.directory);
  await upload(third.page);
  await third.page.getByRole('button', { name: 'Confirm' }).waitFor();
  assert.deepEqual((await bill(third.page)).slice(0, 1), [`${SLICES} images arrived`]);
  await confirm(third.page);
  t.diagnostic(`third computer: ${third.sent()} sent of ${own - afterSecond} that were missing`);
  assert.ok(third.sent() < own - afterSecond + overhead, 'only what was missing went over the line');
  const digests = disc.instances.map(({ bytes }) => sha256(bytes)).sort();
  assert.deepEqual(await storedDigests(house.exchange, facility.id), digests);
  await third.expectClean();
  await third.leave();

  const fourth = await aComputer(t, request, { continues: false });
  await chooseFolder(fourth.page, whole.directory);
  await upload(fourth.page);
  await fourth.page.getByRole('button', { name: 'Confirm' }).waitFor();
  assert.deepEqual((await bill(fourth.page)).slice(0, 1), [`${SLICES} already there, byte for byte`]);
  t.diagnostic(`fourth computer: ${fourth.sent()} sent of ${own}`);
  assert.ok(fourth.sent() < overhead, 'what the request has is not sent again');
  await fourth.leave();
});
