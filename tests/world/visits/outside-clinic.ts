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

/**
 * Instead of step 3: the quiet way out, by keyboard alone. Settles when the page says that it is declined.
 *
 * @param words `reason` as the page offers it
 */
export async function decline(
  page: Page,
  words: { reason: string; words: string; name: string; site: string; phone: string },
): Promise<void> {
  await page.getByRole('button', { name: "Don't have the requested records?" }).press('Enter');
  await page.getByRole('heading', { name: 'Decline this request' }).waitFor();
  const { keyboard } = page;
  await keyboard.press('Tab');
  while (!(await page.getByRole('radio', { name: words.reason }).isChecked()))
    await keyboard.press('ArrowDown');
  for (const text of [words.words, words.name, words.site, words.phone]) {
    await keyboard.press('Tab');
    await keyboard.type(text);
  }
  await keyboard.press('Enter');
  await page.getByRole('heading', { name: 'You have declined this request' }).waitFor();
}

/** Step 4, by the button: a folder on this machine. Settles when the page says what is on it. */
export async function chooseFolder(page: Page, folder: string): Promise<string> {
  await page.locator('input[webkitdirectory]').setInputFiles(folder);
  return discSummary(page);
}

/** Step 4 with files instead of a folder, as phones have it: archives, images of discs, single images. */
export async function chooseFiles(page: Page, files: readonly string[]): Promise<string> {
  await page.locator('input[type=file]:not([webkitdirectory])').setInputFiles([...files]);
  return discSummary(page);
}

/** The exams of the disc with their ticks: `CT Head: ticked`. */
export async function exams(page: Page): Promise<Record<string, boolean>> {
  const ticks = page.locator('section li').getByRole('checkbox');
  const found: Record<string, boolean> = {};
  for (const tick of await ticks.all()) {
    const words = await tick.locator('xpath=following-sibling::span[1]/span[1]').textContent();
    found[words?.trim() ?? ''] = await tick.isChecked();
  }
  return found;
}

/** Ticks every exam, whosever it is. */
export async function tickAll(page: Page): Promise<void> {
  for (const tick of await page.locator('section li').getByRole('checkbox').all()) await tick.check();
}

/** Settles when so many exams show a picture that is drawn; gives how bright and how lively each one is. */
export async function examPictures(page: Page, count: number): Promise<{ mean: number; spread: number }[]> {
  await page
    .locator('section li img')
    .nth(count - 1)
    .waitFor();
  return page.locator('section li img').evaluateAll((images) =>
    Promise.all(
      images.map(async (image) => {
        if (!(image instanceof HTMLImageElement)) return { mean: 0, spread: 0 };
        await image.decode();
        const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
        const context = canvas.getContext('2d');
        context?.drawImage(image, 0, 0);
        const { data = [] } = context?.getImageData(0, 0, canvas.width, canvas.height) ?? {};
        const greys = Array.from({ length: data.length / 4 }, (_, at) => data[at * 4] ?? 0);
        const mean = greys.reduce((sum, grey) => sum + grey, 0) / greys.length;
        return { mean, spread: Math.max(...greys) - Math.min(...greys) };
      }),
    ),
  );
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

/** Settles when the page says that so many bytes have left. */
export async function sentBytes(page: Page, bytes: number): Promise<void> {
  await page.waitForFunction((wanted) => {
    const bar = document.querySelector('[role=progressbar][aria-label=Upload]');
    return Number(bar?.getAttribute('aria-valuenow')) >= wanted;
  }, bytes);
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
