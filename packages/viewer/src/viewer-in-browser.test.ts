import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchBrowser } from '@filmpost/tests/world/browser.ts';
import { expectPicture, viewerPicture } from '@filmpost/tests/world/viewer-picture.ts';
import type { Browser, Page } from '@playwright/test';
import { viewerResponse } from './serve.ts';
import { fakeDicomWeb } from './testing/fake-dicomweb.ts';
import { listen, type Listening } from './testing/listen.ts';
import { preparedViewer } from './testing/prepared-viewer.ts';
import { grayAt, seriesInstanceUid, sliceOf, studyInstanceUid } from './testing/synthetic-ct.ts';

/** What DICOMweb answers instead of the images, while a test says so. */
let refusal: number | undefined;
let refusedFrames = false;
let browser: Browser;
let server: Listening;

before(async () => {
  const directory = await preparedViewer();
  server = await listen((request) => {
    const { pathname } = new URL(request.url);
    if (pathname === '/outer') return outerPage();
    if (!pathname.startsWith('/dicomweb/')) return viewerResponse(request, directory);
    const refused = refusedFrames && pathname.includes('/frames/') ? 404 : refusal;
    return refused ? new Response(null, { status: refused }) : fakeDicomWeb(request);
  });
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await server?.close();
});

/** A page of ours around the viewer, as strict as the real ones; it writes down what the viewer says. */
function outerPage(): Response {
  const viewer = `/ohif/viewer?StudyInstanceUIDs=${studyInstanceUid}&amp;share=abc`;
  const frame = `<iframe src="${viewer}" style="position:fixed;inset:0;width:100%;height:100%;border:0"></iframe>`;
  const policy = "default-src 'none'; frame-src 'self'; style-src 'unsafe-inline'";
  const headers = { 'content-type': 'text/html', 'content-security-policy': policy };
  return new Response(`<!doctype html><title>Outer</title>${frame}`, { headers });
}

interface Watched {
  page: Page;
  /** Violations of the policy, failed requests and requests to anybody else. */
  complaints: string[];
}

const desktop = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };

async function open(path: string, viewport = desktop): Promise<Watched> {
  const page = await browser.newPage({ viewport });
  const watched: Watched = { page, complaints: [] };
  page.on('console', (line) => {
    if (/content security policy|refused to/i.test(line.text())) watched.complaints.push(line.text());
  });
  page.on('request', (request) => {
    const own = request.url().startsWith(server.origin) || /^(data|blob):/.test(request.url());
    if (!own) watched.complaints.push(`asked ${request.url()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) watched.complaints.push(`${response.status()} ${response.url()}`);
  });
  await page.addInitScript(() => {
    const heard: unknown[] = [];
    Reflect.set(window, 'heard', heard);
    window.addEventListener('message', ({ data }) => heard.push(data));
  });
  await page.goto(`${server.origin}${path}`);
  return watched;
}

interface Heard {
  type: string;
  status?: number;
  seriesInstanceUid?: string;
  sopInstanceUid?: string;
}

/** Waits until the viewer has told the page around it something of this type, and returns all it has told so far. */
async function heardWith(page: Page, type: string): Promise<Heard[]> {
  const heard = await page.waitForFunction((wanted) => {
    const messages: Heard[] = Reflect.get(window, 'heard');
    return messages.some((message) => message.type === wanted) && messages;
  }, type);
  return (await heard.jsonValue()) || [];
}

test('a shared series shows its own pixels, and nobody else hears of it', { timeout: 180_000 }, async () => {
  const watched = await open(`/ohif/viewer?StudyInstanceUIDs=${studyInstanceUid}&share=abc`);
  const picture = await viewerPicture(watched.page);
  const slice = sliceOf(picture.sopInstanceUid);
  expectPicture(picture, { grayAt: (column, row) => grayAt(slice, column, row) });
  assert.throws(() => expectPicture(picture, { grayAt: (column, row) => grayAt(slice + 1, column, row) }));
  assert.deepEqual(watched.complaints, []);
  await watched.page.close();
});

test('the page around the viewer is told of the first image', { timeout: 180_000 }, async () => {
  const { page, complaints } = await open('/outer');
  const told = await heardWith(page, 'filmpost:viewer-image');
  assert.equal(told.filter(({ type }) => type === 'filmpost:viewer-image').length, 1);
  assert.deepEqual(
    told.find(({ type }) => type === 'filmpost:viewer-sight'),
    { type: 'filmpost:viewer-sight', series: 1, painted: 1, hidden: 0, unseen: [] },
  );
  const frame = page.frames().find((each) => each.url().includes('/ohif/'));
  assert.ok(frame);
  const picture = await viewerPicture(frame);
  const slice = sliceOf(picture.sopInstanceUid);
  expectPicture(picture, { grayAt: (column, row) => grayAt(slice, column, row) });
  assert.deepEqual(complaints, []);
  await page.close();
});

for (const status of [401, 403, 404]) {
  test(
    `the page around the viewer is told once when its images are refused with ${status}`,
    { timeout: 60_000 },
    async (t) => {
      refusal = status;
      t.after(() => (refusal = undefined));
      const { page } = await open('/outer');
      const told = await heardWith(page, 'filmpost:viewer-refused');
      assert.deepEqual(told, [{ type: 'filmpost:viewer-refused', status }]);
      await page.close();
    },
  );
}

test('a right withdrawn while somebody looks is told, frames included', { timeout: 180_000 }, async (t) => {
  refusedFrames = true;
  t.after(() => (refusedFrames = false));
  const { page, complaints } = await open('/outer');
  await heardWith(page, 'filmpost:viewer-refused');
  // What the viewer makes of the first refusal is over when it asks for more.
  while (complaints.filter((line) => line.includes('/frames/')).length < 3)
    await page.waitForEvent('response', (response) => response.status() === 404);
  const told = await heardWith(page, 'filmpost:viewer-refused');
  const refusals = told.filter(({ type }) => type === 'filmpost:viewer-refused');
  assert.deepEqual(refusals, [{ type: 'filmpost:viewer-refused', status: 404 }]);
  assert.ok(!told.some(({ type }) => type === 'filmpost:viewer-damaged'), 'what is refused is not damaged');
  await page.close();
});

test('the page around the viewer is told which image is in front', { timeout: 180_000 }, async () => {
  const { page } = await open('/outer');
  const told = await heardWith(page, 'filmpost:viewer-place');
  const place = told.find(({ type }) => type === 'filmpost:viewer-place');
  assert.equal(place?.seriesInstanceUid, seriesInstanceUid);
  assert.match(place?.sopInstanceUid ?? '', /^[0-9.]+$/);
  await page.close();
});

test('nothing of the patient stays in the browser', { timeout: 180_000 }, async () => {
  const { page } = await open(`/ohif/viewer?StudyInstanceUIDs=${studyInstanceUid}&share=abc`);
  await viewerPicture(page);
  const kept = await page.evaluate(async () => {
    const caches = 'caches' in window ? await window.caches.keys() : [];
    const databases = (await indexedDB.databases()).map(({ name }) => name);
    return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, caches, databases]);
  });
  for (const secret of ['Board', 'SYN-1', '19700101', studyInstanceUid, 'abc'])
    assert.ok(!kept.includes(secret), kept);
  await page.close();
});

test(
  'the viewer carries our name, and its about box the sentence of the operator',
  { timeout: 180_000 },
  async () => {
    const { page } = await open(`/ohif/viewer?StudyInstanceUIDs=${studyInstanceUid}&share=abc`);
    await viewerPicture(page);
    assert.equal(await page.getByText('Filmpost', { exact: true }).count(), 1);
    await page.locator('div.right-0 > div > button[aria-haspopup="menu"]').click();
    await page.getByText('About', { exact: true }).click();
    await page.getByText('Not for primary diagnosis unless your site has validated it.').waitFor();
    await page.close();
  },
);

test('on a phone the image has the width and the tools overlap nothing', { timeout: 180_000 }, async () => {
  const { page } = await open(`/ohif/viewer?StudyInstanceUIDs=${studyInstanceUid}&share=abc`, phone);
  await viewerPicture(page);
  await page.waitForFunction(() =>
    [...document.querySelectorAll('canvas')].some(({ clientWidth }) => clientWidth > 330),
  );
  const [name, tools, menu] = await page.evaluate(() =>
    [
      '[data-cy="return-to-work-list"]',
      'div:has(> div > div > div > [data-cy="Zoom"])',
      'div.right-0:has([aria-haspopup])',
    ]
      .map((selector) => document.querySelector(selector)?.getBoundingClientRect().toJSON())
      .map((box) => box && { left: box.left, right: box.right }),
  );
  assert.ok(name && tools && menu);
  assert.ok(name.right <= tools.left && tools.right <= menu.left, JSON.stringify([name, tools, menu]));
  assert.ok(menu.right <= phone.width);
  await page.close();
});
