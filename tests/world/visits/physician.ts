import type { Frame, Locator, Page } from '@playwright/test';

/** Types code and date of birth, and settles in the Share Inbox. */
export async function openShare(
  page: Page,
  { url, code, birthDate }: { url: string; code: string; birthDate: string },
): Promise<void> {
  await enterCode(page, { url, code, birthDate });
  await page.getByRole('heading', { name: 'Share Inbox' }).waitFor();
}

/** Types code and date of birth, whatever comes of it. */
export async function enterCode(
  page: Page,
  { url, code, birthDate }: { url: string; code: string; birthDate: string },
): Promise<void> {
  await page.goto(url);
  await page.getByRole('textbox', { name: 'Security code' }).fill(code);
  await page.getByRole('textbox', { name: 'Patient’s date of birth' }).fill(birthDate);
  // It submits as soon as the page is awake.
  await page.locator('button[type=submit]', { hasText: 'Continue' }).click();
}

/** The row of one exam in the Share Inbox. */
export function examRow(page: Page, studyInstanceUid: string): Locator {
  return page.locator(`[data-exam="${studyInstanceUid}"]`);
}

/** Settles when the row says so: `waiting`, `transferring`, `processing` (awaits Confirm) or `ready`. */
export async function rowBecomes(page: Page, studyInstanceUid: string, state: string): Promise<void> {
  await examRow(page, studyInstanceUid).locator(`[data-state="${state}"]`).waitFor({ timeout: 180_000 });
}

/** `View imaging`: the viewer inside the page. */
export async function viewImaging(page: Page, studyInstanceUid: string): Promise<Frame> {
  await examRow(page, studyInstanceUid).getByRole('link', { name: 'View imaging' }).click();
  return viewerFrame(page);
}

/** The viewer that stands in the page now. */
export async function viewerFrame(page: Page): Promise<Frame> {
  const handle = await page.locator('iframe').elementHandle();
  const frame = await handle?.contentFrame();
  if (!frame) throw new Error('the page holds no viewer');
  // A frame keeps its window when it leaves its first, empty document, and what waits there waits for ever.
  await frame.waitForURL(/\/ohif\//, { waitUntil: 'domcontentloaded' });
  return frame;
}

/** A mark that a reload would wipe out. */
export async function mark(page: Page): Promise<void> {
  await page.evaluate(() => Reflect.set(window, 'neverReloaded', true));
}

export function neverReloaded(page: Page): Promise<boolean> {
  return page.evaluate(() => Reflect.get(window, 'neverReloaded') === true);
}
