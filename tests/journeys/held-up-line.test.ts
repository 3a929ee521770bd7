import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { announce, finishUpload } from '@filmpost/exchange/intake/commands.ts';
import { createRequest } from '@filmpost/exchange/requests/commands.ts';
import { createShare } from '@filmpost/exchange/shares/commands.ts';
import type { Browser } from '@playwright/test';
import { launchBrowser } from '../world/browser.ts';
import { aStudy } from '../world/dicom/study.ts';
import { picturesOfFailure } from '../world/failing.ts';
import { type Facility, type Person, aFacility, aStaffMember } from '../world/facility.ts';
import { type House, aHouse } from '../world/house.ts';
import { ada } from '../world/people.ts';
import { aProxy } from '../world/proxy.ts';
import { aWriter, manifestOf, sendPack } from '../world/sending.ts';
import { signIn } from '../world/visits/clerk.ts';
import { mark, neverReloaded, openShare, rowBecomes } from '../world/visits/physician.ts';
import { anOpenedRequest } from '../world/visitors.ts';
import { aWatchedContext, secretsOf } from '../world/watched.ts';

let house: House;
let browser: Browser;
let facility: Facility;
before(async () => {
  house = await aHouse();
  facility = await aFacility(house.exchange, { slug: 'st-antony' });
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await house?.close();
});

async function aWaitingShare(key: string) {
  const { exchange } = house;
  const study = aStudy({ key, series: [{ instances: 4 }] });
  const request = await anOpenedRequest(exchange, facility);
  const writer = await aWriter(exchange, request);
  await announce(exchange, writer, manifestOf(study));
  const { code, url } = await createShare(exchange, facility.work, {
    facility: facility.slug,
    requestId: request.requestId,
  });
  return { study, writer, share: { code, url, birthDate: '1981/08/29' } };
}

for (const [name, ways] of [
  ['a proxy blocks WebSockets', {}],
  ['a proxy blocks WebSockets and holds streams until they end', { holdsStreams: true }],
  ['a proxy blocks WebSockets and streams', { refusesStreams: true }],
] as const) {
  test(`the Share Inbox moves where ${name}`, async (t) => {
    const { study, writer, share } = await aWaitingShare(name);
    const proxy = await aProxy(house.url, ways);
    t.after(() => proxy.close());
    const physician = await aWatchedContext(
      browser,
      { ...house, url: proxy.url },
      { secrets: secretsOf(ada), forgive: /WebSocket|EventSource|status of 403/ },
    );
    picturesOfFailure(t, { physician });
    const { page } = physician;
    await openShare(page, { ...share, url: `${proxy.url}/view` });
    await mark(page);
    await rowBecomes(page, study.studyInstanceUid, 'waiting');
    await sendPack(house.exchange, writer, study.files);
    await finishUpload(house.exchange, writer);
    await rowBecomes(page, study.studyInstanceUid, 'processing');
    assert.ok(await neverReloaded(page));
    await physician.expectClean();
  });
}

test("a clerk's list grows where a proxy blocks WebSockets and streams", async (t) => {
  const clerk: Person = {
    name: 'Robin Doyle',
    email: 'robin@st-antony.example',
    password: 'fifteen letters and more',
    role: 'clerk',
  };
  await aStaffMember(house.exchange, facility, clerk);
  const proxy = await aProxy(house.url, { refusesStreams: true });
  t.after(() => proxy.close());
  const behind = { ...house, url: proxy.url };
  const desk = await aWatchedContext(browser, behind, {
    secrets: ['Late', 'Lou'],
    forgive: /WebSocket|EventSource|status of 403/,
  });
  picturesOfFailure(t, { desk });
  const { page } = desk;
  await signIn(page, behind, clerk);
  await mark(page);
  await page.waitForResponse((answer) => answer.url().includes('facilities.since'));
  await createRequest(house.exchange, facility.work, {
    facility: facility.slug,
    patientName: 'Late^Lou',
    birthDate: '1981-08-29',
    details: 'CT of the head.',
  });
  await page
    .getByRole('link', { name: /Lou Late|Late, Lou/i })
    .first()
    .waitFor();
  assert.ok(await neverReloaded(page));
  await desk.expectClean();
});
