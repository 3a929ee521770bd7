import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from '@playwright/test';
import { holdingsOf } from '../world/archived.ts';
import { launchBrowser } from '../world/browser.ts';
import { aDisc } from '../world/dicom/disc.ts';
import { discFolder } from '../world/dicom/disc-folder.ts';
import { aStudy } from '../world/dicom/study.ts';
import { picturesOfFailure } from '../world/failing.ts';
import { type Facility, aFacility, aStaffMember, maya } from '../world/facility.ts';
import { type House, aHouse } from '../world/house.ts';
import { ada } from '../world/people.ts';
import { type HandedRequest, makeRequest, signIn } from '../world/visits/clerk.ts';
import {
  chooseFolder,
  confirm,
  decline,
  enterPin,
  getReady,
  sendAtMost,
  sentAtLeast,
  upload,
} from '../world/visits/outside-clinic.ts';
import { mark, neverReloaded } from '../world/visits/physician.ts';
import { type Watching, aWatchedContext, secretsOf } from '../world/watched.ts';

const SLICES = 320;
const wanted = {
  family: 'Lovelace',
  given: 'Ada',
  birthDate: '1981/08/29',
  outsideFacility: 'Palm Beach Imaging',
  details: 'All prior imaging of the head.',
};
const jo = { name: 'Jo Brook', site: 'Palm Beach Imaging', phone: '+1 555 0199' };

let house: House;
let facility: Facility;
let browser: Browser;
before(async () => {
  house = await aHouse();
  facility = await aFacility(house.exchange, { slug: 'st-antony' });
  await aStaffMember(house.exchange, facility, maya);
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await house?.close();
});

/** A clerk who has asked and looks at the request, and an outside clinic; neither reloads anything. */
async function bothSides(watching: Watching) {
  const desk = await aWatchedContext(browser, house, watching);
  const clinic = await aWatchedContext(browser, house, watching);
  await signIn(desk.page, house, maya);
  const request = await makeRequest(desk.page, wanted);
  await mark(desk.page);
  return { desk, clinic, clerk: desk.page, sender: clinic.page, request };
}

const beside = (clerk: Page) => clerk.getByRole('complementary');

test(
  'declined with a reason, told live, and taken up again with the same PIN',
  { timeout: 300_000 },
  async (t) => {
    const head = aStudy({ key: 'found after all', studyDescription: 'CT Head', series: [{ instances: 4 }] });
    await using folder = await discFolder(aDisc({ studies: [head], tame: true }));
    const secrets = secretsOf(ada);
    const { desk, clinic, clerk, sender, request } = await bothSides({ secrets });
    picturesOfFailure(t, { desk, clinic });

    await enterPin(sender, request);
    await sender.getByText('A… L…, born 1981').waitFor();
    await decline(sender, { ...jo, reason: 'The images are at another facility', words: 'Ask Bayside.' });
    await beside(clerk).getByText('Declined', { exact: true }).waitFor();
    await beside(clerk).getByText('The images are at another facility').waitFor();
    await beside(clerk).getByText('Ask Bayside.').waitFor();
    await beside(clerk)
      .getByText(/^Declined on .+ by Jo Brook, Palm Beach Imaging, \+1 555 0199\./)
      .waitFor();
    await clerk.getByRole('table').getByText('The images are at another facility').waitFor();

    await sender.getByRole('button', { name: 'Leave' }).click();
    await sender.getByRole('textbox', { name: 'PIN' }).waitFor();
    await enterPin(sender, request);
    await sender.getByText(/^Declined on .+ by Jo Brook, Palm Beach Imaging$/).waitFor();
    await sender.getByText('you can still upload').waitFor();
    for (const kept of ['Bayside', jo.phone, 'Lovelace'])
      assert.equal(await sender.getByText(kept).count(), 0, `${kept} is for the one who asked`);

    await getReady(sender);
    await chooseFolder(sender, folder.directory);
    await upload(sender);
    await confirm(sender);
    await beside(clerk).getByText('Uploaded', { exact: true }).first().waitFor();
    await beside(clerk).getByText('4 images').first().waitFor();
    assert.equal(await beside(clerk).getByText('Ask Bayside.').count(), 0);
    assert.equal((await holdingsOf(house.exchange, facility.id)).instances, 4);
    assert.ok(await neverReloaded(clerk));
    for (const each of [desk, clinic]) await each.expectClean();
  },
);

test(
  'cancelled in the middle: the sender is told, the bytes go, the PIN is like any wrong one',
  { timeout: 300_000 },
  async (t) => {
    const chest = aStudy({ key: 'withdrawn', studyDescription: 'CT Chest', series: [{ instances: SLICES }] });
    await using folder = await discFolder(aDisc({ studies: [chest], tame: true }));
    const secrets = secretsOf(ada);
    // What was under way is refused, and browsers log that.
    const { desk, clinic, clerk, sender, request } = await bothSides({ secrets, forgive: /404/ });
    picturesOfFailure(t, { desk, clinic });
    const before = await holdingsOf(house.exchange, facility.id);

    await enterPin(sender, request);
    await getReady(sender);
    await chooseFolder(sender, folder.directory);
    await sendAtMost(sender, 128 * 1024);
    await upload(sender);
    await sentAtLeast(sender, 80);
    await beside(clerk).getByRole('progressbar', { name: 'Upload' }).waitFor();
    await clerk.getByRole('button', { name: 'Cancel request' }).click();
    await clerk
      .getByRole('dialog', { name: 'Cancel this request?' })
      .getByRole('button', { name: 'Cancel request' })
      .click();
    await beside(clerk).getByText('Cancelled', { exact: true }).waitFor();
    await sender.getByRole('heading', { name: 'The request was withdrawn', exact: true }).waitFor();
    await allBytesGone();
    assert.deepEqual(await holdingsOf(house.exchange, facility.id), before);

    const refusal = await refusalOf(sender, request);
    assert.equal(
      await refusalOf(sender, { ...request, pin: request.pin === '000000' ? '000001' : '000000' }),
      refusal,
    );
    assert.ok(await neverReloaded(clerk));
    for (const each of [desk, clinic]) await each.expectClean();
  },
);

async function refusalOf(page: Page, request: HandedRequest): Promise<string> {
  await enterPin(page, request);
  return (await page.getByRole('alert').filter({ hasText: 'PIN' }).textContent())?.trim() ?? '';
}

/** Settles when no byte is left that came for a cancelled request. */
async function allBytesGone(): Promise<void> {
  const { db, blobs } = house.exchange;
  for (const end = Date.now() + 60_000; Date.now() < end;) {
    const rows = await db
      .selectFrom('blob')
      .innerJoin('upload', 'upload.id', 'blob.uploadId')
      .innerJoin('request', 'request.id', 'upload.requestId')
      .select('blob.id')
      .where('request.state', '=', 'cancelled')
      .execute();
    assert.ok(rows.length > 0, 'some had come');
    const left = await Promise.all(rows.map(({ id }) => blobs.writtenAt(id)));
    if (left.every((writtenAt) => writtenAt === null)) return;
  }
  assert.fail('bytes of the withdrawn upload are still on the disk');
}
