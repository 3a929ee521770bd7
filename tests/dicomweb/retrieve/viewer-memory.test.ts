import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createShare } from '@filmpost/exchange/shares/commands.ts';
import type { Browser, Frame, Page } from '@playwright/test';
import { launchBrowser } from '../../world/browser.ts';
import { aStudy } from '../../world/dicom/study.ts';
import { aFacility } from '../../world/facility.ts';
import { type House, aHouse } from '../../world/house.ts';
import { storeFiles } from '../../world/stored.ts';
import { viewerPicture } from '../../world/viewer-picture.ts';
import { openShare, viewImaging } from '../../world/visits/physician.ts';

const IMAGES = 12;

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

/** Turns the wheel by one image and waits until another is painted. */
async function scroll(page: Page, view: Frame, by: 1 | -1): Promise<string> {
  const before = (await viewerPicture(view)).sopInstanceUid;
  await page.mouse.wheel(0, by * 100);
  for (;;) {
    const { sopInstanceUid } = await viewerPicture(view);
    if (sopInstanceUid !== before) return sopInstanceUid;
  }
}

test('scrolling back asks for no frame again, and no browser keeps one', { timeout: 300_000 }, async () => {
  const study = aStudy({ key: 'viewer memory', series: [{ instances: IMAGES }] });
  const facility = await aFacility(house.exchange);
  await storeFiles(house.exchange, facility, { files: study.files });
  const birthDate = '1981-08-29';
  const share = await createShare(house.exchange, facility.work, {
    facility: facility.slug,
    studyInstanceUids: [study.studyInstanceUid],
    birthDate,
  });
  const page = await browser.newPage();
  const asked: string[] = [];
  const kept: string[] = [];
  const linked: string[] = [];
  page.on('response', (response) => {
    if (!response.url().includes('/dicomweb/')) return;
    if (response.url().includes('/frames/')) asked.push(response.url());
    if (response.url().includes('/bulkdata/')) linked.push(response.url());
    if (!response.headers()['cache-control']?.includes('no-store')) kept.push(response.url());
  });
  await openShare(page, { url: share.url, code: share.code, birthDate });
  const frame = await viewImaging(page, study.studyInstanceUid);
  const seen = [(await viewerPicture(frame)).sopInstanceUid];
  await frame.locator('canvas').first().hover();
  while (seen.length < IMAGES) seen.push(await scroll(page, frame, 1));
  const back = [seen.at(-1)];
  while (back.length < IMAGES) back.push(await scroll(page, frame, -1));
  assert.deepEqual(back, seen.toReversed());
  assert.deepEqual(kept, []);
  assert.deepEqual(linked, [], 'the link to all pixels is not followed');
  assert.equal(new Set(asked).size, IMAGES, 'every image was fetched');
  assert.equal(asked.length, IMAGES, 'and each of them once');
  await page.close();
});
