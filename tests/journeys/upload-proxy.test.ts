import assert from 'node:assert/strict';
import { type TestContext, after, before, test } from 'node:test';
import type { Browser } from '@playwright/test';
import { sha256, storedDigests } from '../world/archived.ts';
import { createRequest } from '@filmpost/exchange/requests/commands.ts';
import { launchBrowser } from '../world/browser.ts';
import { aDisc } from '../world/dicom/disc.ts';
import { discFolder } from '../world/dicom/disc-folder.ts';
import { aStudy } from '../world/dicom/study.ts';
import { picturesOfFailure } from '../world/failing.ts';
import { aFacility } from '../world/facility.ts';
import { type House, aHouse } from '../world/house.ts';
import { ada } from '../world/people.ts';
import { type ProxyWays, aProxy } from '../world/proxy.ts';
import { bill, chooseFolder, confirm, enterPin, getReady, upload } from '../world/visits/outside-clinic.ts';
import { aWatchedContext, secretsOf } from '../world/watched.ts';

const MEBIBYTE = 1024 * 1024;

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

/** An outside clinic that has entered its PIN, with such a proxy before the house. */
async function aClinicBehind(t: TestContext, { slug, ways }: { slug: string; ways: ProxyWays }) {
  const proxy = await aProxy(house.url, ways);
  t.after(() => proxy.close());
  const facility = await aFacility(house.exchange, { slug });
  const request = await createRequest(house.exchange, facility.work, {
    facility: facility.slug,
    patientName: ada.name,
    birthDate: '1981-08-29',
    details: 'CT of the head.',
  });
  const behind = { ...house, url: proxy.url };
  const forgive = /WebSocket|EventSource|status of (?:403|405|413)/;
  const clinic = await aWatchedContext(browser, behind, { secrets: secretsOf(ada), forgive });
  picturesOfFailure(t, { clinic });
  const { page } = clinic;
  await enterPin(page, { ...request, url: `${proxy.url}${new URL(request.url).pathname}` });
  await getReady(page);
  return { page, facility };
}

test('a proxy that blocks PATCH and DELETE and large bodies slows an upload down and stops nothing', async (t) => {
  const { page, facility } = await aClinicBehind(t, {
    slug: 'behind-a-proxy',
    ways: { blocks: ['PATCH', 'DELETE'], mostBytes: MEBIBYTE },
  });
  const series = [{ instances: 12, rows: 512, columns: 512 }];
  const disc = aDisc({
    studies: [aStudy({ key: 'proxy', studyDescription: 'CT Head', series })],
    tame: true,
  });
  await using folder = await discFolder(disc);
  const sent: { method: string; status: number; override: string | undefined }[] = [];
  page.on('response', (response) => {
    const request = response.request();
    if (!request.url().includes('/files')) return;
    const override = request.headers()['x-http-method-override'];
    sent.push({ method: request.method(), status: response.status(), override });
  });
  await chooseFolder(page, folder.directory);
  await upload(page);
  await confirm(page);
  assert.deepEqual((await bill(page)).slice(0, 1), ['12 images arrived']);
  assert.deepEqual(
    await storedDigests(house.exchange, facility.id),
    disc.instances.map(({ bytes }) => sha256(bytes)).sort(),
  );
  const refused = sent.filter(({ status }) => status === 413 || status === 405);
  const byPost = sent.filter(({ override, status }) => override === 'PATCH' && status === 204);
  t.diagnostic(`${sent.length} requests, ${refused.length} refused, ${byPost.length} pieces by POST`);
  assert.ok(byPost.length >= 6, 'pieces went by POST');
  assert.ok(refused.length <= 20, 'what was learned holds for the page');
});

test('where neither sockets nor streams come through, what was sent can be confirmed all the same', async (t) => {
  const { page } = await aClinicBehind(t, { slug: 'nothing-live', ways: { refusesStreams: true } });
  const disc = aDisc({ studies: [aStudy({ key: 'nothing live', series: [{ instances: 4 }] })], tame: true });
  await using folder = await discFolder(disc);
  await chooseFolder(page, folder.directory);
  await upload(page);
  await confirm(page);
  assert.deepEqual((await bill(page)).slice(0, 1), ['4 images arrived']);
});
