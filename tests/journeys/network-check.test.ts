import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from '@playwright/test';
import { launchBrowser } from '../world/browser.ts';
import { picturesOfFailure } from '../world/failing.ts';
import { type House, aHouse } from '../world/house.ts';
import { aProxy } from '../world/proxy.ts';
import { aWatchedContext } from '../world/watched.ts';

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

const row = (page: Page, name: string) => page.getByRole('listitem').filter({ hasText: name });

test('on an open network everything works, and the allow-list names this server', async (t) => {
  const visitor = await aWatchedContext(browser, house, { secrets: [] });
  picturesOfFailure(t, { visitor });
  const { page } = visitor;
  await page.goto(`${house.url}/check`);
  await page.getByText('Filmpost works here', { exact: true }).waitFor();
  assert.equal(await page.getByText('Works', { exact: true }).count(), 7);
  await page.getByText(`TCP ${new URL(house.url).port}, outgoing`).waitFor();
  await visitor.expectClean();
});

test('what a proxy blocks is named with its detour and with what to allow', async (t) => {
  const visitor = await aWatchedContext(browser, house, { secrets: [], forgive: /./ });
  picturesOfFailure(t, { visitor });
  const { page } = visitor;
  await page.route('**/reach/method', (route) =>
    route.request().method() === 'PATCH' ? route.fulfill({ status: 405 }) : route.continue(),
  );
  await page.route('**/reach/body', (route) =>
    (route.request().postDataBuffer()?.length ?? 0) > 1024 * 1024
      ? route.fulfill({ status: 413 })
      : route.continue(),
  );
  await page.routeWebSocket('**/trpc', (socket) => void socket.close());
  await page.goto(`${house.url}/check`);
  await page.getByText('Filmpost works here, by a detour').waitFor();
  await row(page, 'Uploads: method PATCH').getByText('uploads go by POST instead').waitFor();
  await row(page, 'size of one request').getByText('at most 1.0 MB').waitFor();
  await row(page, 'Live progress').getByText('comes as a stream instead').waitFor();
  const proxy = await aProxy(house.url, { refusesStreams: true });
  t.after(() => proxy.close());
  await page.goto(`${proxy.url}/check`);
  await row(page, 'Live progress').getByText('pages ask for progress instead').waitFor();
  await page.route('**/reach/sample', (route) => route.abort());
  await page.getByRole('button', { name: 'Check again' }).click();
  await page.getByText('Something Filmpost needs is blocked here').waitFor();
  await row(page, 'Images unchanged').getByText('Exempt this address').waitFor();
});
