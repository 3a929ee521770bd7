import type { CDPSession, Page } from '@playwright/test';

/** Steps 1 and 2: the address and the PIN of the Request Page, and `Begin`. */
export async function enterPin(page: Page, { url, pin }: { url: string; pin: string }): Promise<void> {
  await page.goto(url);
  await page.getByRole('textbox', { name: 'PIN' }).fill(pin);
  // It submits as soon as the page is awake.
  await page.locator('button[type=submit]', { hasText: 'Begin' }).click();
}

/** Step 3. */
export async function getReady(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Ready to Upload' }).click();
}

/** Step 4, by the button: a folder on this machine. Settles when the page says what is on it. */
export async function chooseFolder(page: Page, folder: string): Promise<string> {
  await page.locator('input[webkitdirectory]').setInputFiles(folder);
  return discSummary(page);
}

/** The heading above what was found on a disc: `2 patients, 4 exams, 18 images`. */
export async function discSummary(page: Page): Promise<string> {
  const review = page.getByRole('button', { name: 'Choose again' });
  await review.waitFor();
  const text = await page.getByRole('heading', { level: 1 }).textContent();
  return text?.replace(/\s+/g, ' ').trim() ?? '';
}

/** What the page says it leaves behind and why: `10 not medical images: …`. */
export async function leftBehind(page: Page): Promise<string[]> {
  const details = page.locator('details').filter({ hasText: 'will not be sent' });
  const lines = await details.locator('li').allTextContents();
  return lines.map((line) => line.replace(/\s+/g, ' ').trim());
}

/** Step 5. */
export async function upload(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Upload', exact: true }).click();
}

/** Settles when the page says that so many images are on their way or there. */
export async function sentAtLeast(page: Page, images: number): Promise<void> {
  await page.waitForFunction((wanted) => {
    const text = document
      .querySelector('[role=progressbar][aria-label=Upload]')
      ?.getAttribute('aria-valuetext');
    return Number.parseInt(text?.replace(/,/g, '') ?? '', 10) >= wanted;
  }, images);
}

/** Step 6, as soon as everything has arrived, and the words of step 7. */
export async function confirm(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page
    .getByRole('heading', {
      name: "Success! Your upload is processing and there's nothing more you need to do",
      exact: true,
    })
    .waitFor();
}

/** What the bill on the screen says: how many files went where. */
export async function bill(page: Page): Promise<string[]> {
  const lines = await page
    .locator('ul > li')
    .filter({ has: page.locator('svg') })
    .allTextContents();
  return lines.map((line) => line.replace(/\s+/g, ' ').trim());
}

/**
 * How fast this page may send from now on, in bytes a second; unhindered without a number. The browser lets go at once
 * of what it holds back under the limit before: a change gives each request under way the rest of its bytes.
 */
export async function sendAtMost(page: Page, bytesPerSecond?: number): Promise<void> {
  const session = lines.get(page) ?? (await page.context().newCDPSession(page));
  lines.set(page, session);
  const free = { offline: false, latency: 0, downloadThroughput: -1 };
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', { ...free, uploadThroughput: bytesPerSecond ?? -1 });
}

const lines = new WeakMap<Page, CDPSession>();
