import assert from 'node:assert/strict';
import { type TestContext, after, before, test } from 'node:test';
import type { Browser, Page } from '@playwright/test';
import { sha256, storedDigests } from '../world/archived.ts';
import { killBrowser, launchBrowser } from '../world/browser.ts';
import { type Disc, aDisc } from '../world/dicom/disc.ts';
import { discFolder } from '../world/dicom/disc-folder.ts';
import { aStudy } from '../world/dicom/study.ts';
import { picturesOfFailure } from '../world/failing.ts';
import { type Facility, aFacility, aStaffMember, maya } from '../world/facility.ts';
import { type House, aHouse } from '../world/house.ts';
import { aLine } from '../world/line.ts';
import { ada } from '../world/people.ts';
import { type HandedRequest, makeRequest, signIn } from '../world/visits/clerk.ts';
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
import { mark, neverReloaded } from '../world/visits/physician.ts';
import { aWatchedContext, secretsOf } from '../world/watched.ts';

const SLICES = 640;
/** Slow enough that the browser dies in the middle, in bytes a second. */
const PACE = 256 * 1024;

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

/** A computer of the outside clinic: a browser with a profile of its own, on a line that counts what it sends. */
async function aComputer(t: TestContext) {
  const own = await launchBrowser();
  const line = await aLine();
  t.after(() => line.close());
  t.after(() => own.close());
  const clinic = await aWatchedContext(own, house, { secrets: secretsOf(ada), proxy: line.proxy });
  return { ...clinic, browser: own, line };
}

/** Keeps what the clerk's bar shows from now on, each value once as it changes. */
async function watchBar(clerk: Page): Promise<() => Promise<number[]>> {
  await clerk.evaluate(() => {
    const seen: number[] = [];
    Reflect.set(window, 'barShowed', seen);
    const look = () => {
      const bar = document.querySelector('aside [role=progressbar][aria-label=Upload]');
      const value = bar?.getAttribute('aria-valuenow');
      if (value && Number(value) !== seen.at(-1)) seen.push(Number(value));
    };
    new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
    look();
  });
  return () => clerk.evaluate((): number[] => Reflect.get(window, 'barShowed'));
}

/** What the server has of the request's one upload, once it has looked at everything that is there. */
async function received(): Promise<{ bytes: number; images: number }> {
  const { db } = house.exchange;
  for (const end = Date.now() + 60_000; Date.now() < end;) {
    const waiting = await db.selectFrom('blob').select('id').where('state', '=', 'received').execute();
    const upload = await db.selectFrom('upload').select(['id', 'bytesReceived']).executeTakeFirstOrThrow();
    const { images } = await db
      .selectFrom('uploadFile')
      .select((eb) => eb.fn.countAll<number>().as('images'))
      .where('uploadId', '=', upload.id)
      .where('state', '=', 'verified')
      .executeTakeFirstOrThrow();
    if (waiting.length === 0) return { bytes: upload.bytesReceived, images };
  }
  return assert.fail('the worker did not look at what arrived');
}

const bytesOf = ({ instances }: Disc) => instances.reduce((sum, { bytes }) => sum + bytes.length, 0);

async function clerkAsks(clerk: Page): Promise<HandedRequest> {
  await signIn(clerk, house, maya);
  const request = await makeRequest(clerk, {
    family: 'Lovelace',
    given: 'Ada',
    birthDate: '1981/08/29',
    outsideFacility: 'Palm Beach Imaging',
    details: 'CT of the head.',
  });
  await mark(clerk);
  return request;
}

test(
  'a browser is killed at 40 %, another goes on, and whoever asked watches',
  { timeout: 600_000 },
  async (t) => {
    const study = aStudy({
      key: 'killed at 40',
      studyDescription: 'CT Head',
      series: [{ instances: SLICES }],
    });
    const disc = aDisc({ studies: [study], tame: true });
    await using folder = await discFolder(disc);
    const desk = await aWatchedContext(browser, house, { secrets: secretsOf(ada) });
    picturesOfFailure(t, { desk });
    const clerk = desk.page;
    const request = await clerkAsks(clerk);
    const barShowed = await watchBar(clerk);

    const first = await aComputer(t);
    await enterPin(first.page, request);
    await getReady(first.page);
    await chooseFolder(first.page, folder.directory);
    await sendAtMost(first.page, PACE);
    await upload(first.page);
    await sentAtLeast(first.page, SLICES * 0.4);
    await killBrowser(first.browser);
    const before = await received();
    assert.ok(before.images > 0 && before.images < SLICES * 0.6, `${before.images} images are there`);
    const showedBefore = await barShowed();

    const second = await aComputer(t);
    picturesOfFailure(t, { second });
    await enterPin(second.page, request);
    await second.page.getByText(`Continuing – ${before.images} images already received`).waitFor();
    await chooseFolder(second.page, folder.directory);
    await sendAtMost(second.page, PACE);
    await upload(second.page);
    await sentAtLeast(second.page, SLICES * 0.8);
    await sendAtMost(second.page);
    await second.page.getByRole('button', { name: 'Confirm' }).waitFor();
    assert.deepEqual((await bill(second.page)).slice(0, 1), [`${SLICES} images arrived`]);
    await confirm(second.page);

    const showed = await barShowed();
    t.diagnostic(`the clerk’s bar showed ${showedBefore.length} values before, ${showed.length} in all`);
    assert.ok(showedBefore.length > 1 && showed.length > showedBefore.length + 1, 'the bar moved under both');
    assert.deepEqual(
      showed,
      showed.toSorted((one, other) => one - other),
      'and never went back',
    );
    const aside = clerk.getByRole('complementary');
    await aside.getByText('Uploaded', { exact: true }).first().waitFor();
    await aside.getByText(`${SLICES} images`).first().waitFor();
    assert.ok(await neverReloaded(clerk));

    const own = bytesOf(disc);
    const [counted, sent] = [(await received()).bytes, second.line.bytesUp()];
    t.diagnostic(`${own} bytes of images; the server counted ${before.bytes} before and ${counted} in all`);
    t.diagnostic(`the second browser sent ${sent} of ${own - before.bytes} that were missing`);
    assert.ok(counted > own && counted < own * 1.02, 'the server has received each byte once');
    assert.ok(sent < own - before.bytes + own * 0.05, 'nothing that was there went over the line again');
    assert.deepEqual(
      await storedDigests(house.exchange, facility.id),
      disc.instances.map(({ bytes }) => sha256(bytes)).sort(),
    );
    for (const each of [desk, second]) await each.expectClean();
  },
);
