import assert from 'node:assert/strict';
import type { Locator, Page } from '@playwright/test';

/** Stops of a page beyond which nobody goes on pressing. */
const MOST_STOPS = 80;

/**
 * Goes on with Tab, from wherever the focus is, until it is there, and sees that whoever presses can see it too.
 *
 * @throws {assert.AssertionError} naming the stops on the way, when it is never reached or lies under something
 */
export async function tabTo(page: Page, wanted: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await wanted.waitFor();
  const stops: string[] = [];
  while (stops.length < MOST_STOPS) {
    if (await wanted.evaluate((element) => element === document.activeElement)) break;
    await page.keyboard.press(key);
    stops.push(await page.evaluate(() => document.activeElement?.textContent?.trim().slice(0, 40) ?? ''));
  }
  assert.ok(stops.length < MOST_STOPS, `${String(wanted)} is no stop: ${stops.join(' | ')}`);
  assert.ok(await isInSight(wanted), `${String(wanted)} has the focus and is out of sight`);
}

/** WCAG 2.2, 2.4.11: what has the focus is not hidden, neither below the window's edge nor under a bar. */
function isInSight(wanted: Locator): Promise<boolean> {
  return wanted.evaluate((element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    const seen = document.elementFromPoint(left + width / 2, top + height / 2);
    return (
      seen !== null && (element.contains(seen) || seen.contains(element) || labels(element).includes(seen))
    );
    function labels(of: Element): Element[] {
      return of instanceof HTMLInputElement
        ? [...(of.labels ?? [])].flatMap((label) => [...label.querySelectorAll('*')])
        : [];
    }
  });
}

export async function tabAndPress(
  page: Page,
  wanted: Locator,
  key: 'Enter' | 'Space' = 'Enter',
): Promise<void> {
  await tabTo(page, wanted);
  await page.keyboard.press(key);
}

export async function tabAndType(page: Page, wanted: Locator, text: string): Promise<void> {
  await tabTo(page, wanted);
  await page.keyboard.type(text);
}
