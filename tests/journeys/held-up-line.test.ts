import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { announce, finishUpload } from '@filmpost/exchange/intake/commands.ts';
import { createShare } from '@filmpost/exchange/shares/commands.ts';
import type { Browser } from '@playwright/test';
import { launchBrowser } from '../world/browser.ts';
import { aStudy } from '../world/dicom/study.ts';
import { picturesOfFailure } from '../world/failing.ts';
import { type Facility, aFacility } from '../world/facility.ts';
import { type House, aHouse } from '../world/house.ts';
import { ada } from '../world/people.ts';
import { aProxy } from '../world/proxy.ts';
import { aWriter, manifestOf, sendPack } from '../world/sending.ts';
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

for (const [name, holdsStreams] of [
  ['a proxy blocks WebSockets', false],
  ['a proxy blocks WebSockets and holds streams until they end', true],
] as const) {
  test(`the Share Inbox moves where ${name}`, async (t) => {
    const { study, writer, share } = await aWaitingShare(name);
    const proxy = await aProxy(house.url, { holdsStreams });
    t.after(() => proxy.close());
    const physician = await aWatchedContext(
      browser,
      { ...house, url: proxy.url },
      { secrets: secretsOf(ada), forgive: /WebSocket|status of 403/ },
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
