import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { admit, operator } from '@filmpost/exchange/access/gate/commands.ts';
import { announce } from '@filmpost/exchange/intake/commands.ts';
import { createShare, revokeShare } from '@filmpost/exchange/shares/commands.ts';
import type { Browser, Page } from '@playwright/test';
import { launchBrowser } from '../world/browser.ts';
import { patternAt } from '../world/dicom/pattern.ts';
import { type Study, aStudy } from '../world/dicom/study.ts';
import { type Facility, aFacility } from '../world/facility.ts';
import { picturesOfFailure } from '../world/failing.ts';
import { type House, aHouse } from '../world/house.ts';
import { ada } from '../world/people.ts';
import { aWriter, manifestOf, sendPack } from '../world/sending.ts';
import { storeFiles } from '../world/stored.ts';
import { expectPicture, viewerPicture } from '../world/viewer-picture.ts';
import { anOpenedRequest } from '../world/visitors.ts';
import { openShare, viewImaging, viewerFrame } from '../world/visits/physician.ts';
import { type WatchedContext, aWatchedContext, secretsOf } from '../world/watched.ts';

const birthDate = '1981-08-29';
const phone = { width: 390, height: 844 };
const desktop = { width: 1280, height: 800 };

let house: House;
let facility: Facility;
let browser: Browser;
before(async () => {
  house = await aHouse();
  facility = await aFacility(house.exchange);
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await house?.close();
});

function grayOf(study: Study, sopInstanceUid: string): (column: number, row: number) => number {
  const file = study.files.find((each) => each.sopInstanceUid === sopInstanceUid);
  assert.ok(file, 'the viewer shows an image of the exam');
  return (column, row) => (patternAt(file.instanceNumber, column, row) / 4095) * 255;
}

async function shareOf(...studies: Study[]) {
  for (const { files } of studies) await storeFiles(house.exchange, facility, { files });
  const studyInstanceUids = studies.map(({ studyInstanceUid }) => studyInstanceUid);
  return createShare(house.exchange, facility.work, {
    facility: facility.slug,
    studyInstanceUids,
    birthDate,
  });
}

async function physician(t: Parameters<typeof picturesOfFailure>[0]): Promise<WatchedContext> {
  const office = await aWatchedContext(browser, house, {
    secrets: secretsOf(ada),
    // The browser itself writes down what is refused after the end of a share, and that a picture is read twice here;
    // the viewer, how it tries layouts.
    forgive: /404 \(Not Found\)|willReadFrequently|hanging protocol viewport/,
  });
  picturesOfFailure(t, { office });
  return office;
}

/** The image in the first viewport, as `3/12`. */
async function place(page: Page): Promise<string> {
  const overlay = (await viewerFrame(page)).getByText(/\(\d+\/\d+\)/).first();
  return /\d+\/\d+/.exec(await overlay.innerText())?.[0] ?? '';
}

async function fits(page: Page, words: RegExp): Promise<boolean> {
  const box = await page.getByRole('button', { name: words }).boundingBox();
  return box !== null && box.x >= 0 && box.x + box.width <= phone.width && box.height >= 24;
}

test(
  'new images of an arriving exam are offered, and loaded where one is',
  { timeout: 300_000 },
  async (t) => {
    const head = aStudy({ key: 'arriving/head', series: [{ instances: 12 }] });
    const request = await anOpenedRequest(house.exchange, facility);
    const share = await createShare(house.exchange, facility.work, {
      facility: facility.slug,
      requestId: request.requestId,
    });
    const writer = await aWriter(house.exchange, request);
    await announce(house.exchange, writer, manifestOf(head));
    await sendPack(house.exchange, writer, head.files.slice(0, 4));

    const office = await physician(t);
    const { page } = office;
    await openShare(page, { ...share, birthDate });
    const frame = await viewImaging(page, head.studyInstanceUid);
    await viewerPicture(frame);
    await page.getByText('4 of 12 images so far – do not report from an incomplete series').waitFor();
    await page.mouse.move(700, 500);
    await page.mouse.wheel(0, 100);
    await frame.getByText(/\(2\/4\)/).waitFor();
    const before = await viewerPicture(frame);

    await sendPack(house.exchange, writer, head.files.slice(4));
    const chip = page.getByRole('button', { name: '8 new images – load' });
    await chip.waitFor();
    await page
      .getByRole('status')
      .filter({ hasText: /^8 new images$/ })
      .waitFor({ state: 'attached' });
    await page.setViewportSize(phone);
    assert.ok(await fits(page, /8 new images/), 'the chip is whole on a phone');
    await page.setViewportSize(desktop);
    await chip.click();
    const later = await viewerPicture(await viewerFrame(page));
    assert.equal(later.sopInstanceUid, before.sopInstanceUid, 'the same image is in front');
    expectPicture(later, { grayAt: grayOf(head, later.sopInstanceUid) });
    assert.match(await place(page), /\/12$/);
    assert.equal(await chip.count(), 0);
    await office.expectClean();
    await office.context.close();
  },
);

test('two exams are compared side by side', { timeout: 300_000 }, async (t) => {
  const before = aStudy({ key: 'compare/before', studyDate: '20200110', studyDescription: 'Before' });
  const later = aStudy({
    key: 'compare/later',
    studyDate: '20260110',
    studyDescription: 'Later',
    series: [{ instances: 3, pattern: 77 }],
  });
  const share = await shareOf(before, later);
  const office = await physician(t);
  const { page } = office;
  await openShare(page, { ...share, birthDate });
  await page.waitForLoadState('networkidle');
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.getByRole('dialog', { name: 'Compare' }).getByRole('link', { name: 'Compare' }).click();
  const frame = await viewerFrame(page);
  const left = await viewerPicture(frame, { viewport: 0 });
  const right = await viewerPicture(frame, { viewport: 1 });
  expectPicture(left, { grayAt: (column, row) => (patternAt(77, column, row) / 4095) * 255 });
  assert.ok(later.files.some(({ sopInstanceUid }) => sopInstanceUid === left.sopInstanceUid));
  expectPicture(right, { grayAt: grayOf(before, right.sopInstanceUid) });
  await page.getByText(/CT · Later · Jan\. 10, 2026 beside CT · Before · Jan\. 10, 2020/).waitFor();
  await page.getByRole('link', { name: 'Study List' }).click();
  await page.getByRole('heading', { name: 'Share Inbox' }).waitFor();
  await office.expectClean();
  await office.context.close();
});

test(
  'a share that ends while somebody looks takes the images off the screen',
  { timeout: 300_000 },
  async (t) => {
    const study = aStudy({ key: 'ending/revoked' });
    const share = await shareOf(study);
    const office = await physician(t);
    await openShare(office.page, { ...share, birthDate });
    await viewerPicture(await viewImaging(office.page, study.studyInstanceUid));
    const manage = await admit(house.exchange, operator(), {
      capability: 'share:manage',
      subject: { shareId: share.shareId },
    });
    await revokeShare(house.exchange, manage);
    await office.page.getByRole('heading', { name: 'The sender has ended this share' }).waitFor();
    assert.equal(await office.page.locator('iframe').count(), 0);
    await office.expectClean();
    await office.context.close();
  },
);

test(
  'a session that ends while somebody looks does so with the next image',
  { timeout: 300_000 },
  async (t) => {
    const study = aStudy({ key: 'ending/session', series: [{ instances: 3 }, { instances: 3 }] });
    const share = await shareOf(study);
    const office = await physician(t);
    const { page } = office;
    await openShare(page, { ...share, birthDate });
    const frame = await viewImaging(page, study.studyInstanceUid);
    await viewerPicture(frame);
    await house.exchange.db.deleteFrom('visitorSession').where('shareId', '=', share.shareId).execute();
    await page.reload();
    await page.getByRole('textbox', { name: 'Security code' }).waitFor();
    assert.equal(await page.locator('iframe').count(), 0);
    await office.context.close();
  },
);
