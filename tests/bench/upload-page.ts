import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { environment } from '@filmpost/config/environment.ts';
import { openExchange } from '@filmpost/exchange/open-exchange.ts';
import { maya } from '../world/facility.ts';
import { signedIn } from '../world/visitors.ts';
import type { PlainBrowser } from './plain-browser.ts';
import { meter } from './processes.ts';
import type { Stack } from './stack.ts';

/** Milliseconds since the epoch, on the page's clock. */
export interface Sending {
  clicked: number;
  /** The last byte was answered for. */
  sent: number;
  /** The page says so. */
  done: number;
  /** Milliseconds of the longest task of the page between the first two. */
  longestTask: number;
  /** What it took until the page said so, by who took it. */
  cpuSeconds: Record<string, number>;
}

/** Puts files as a disc has them into a folder, a hundred to a folder within. */
export function discOf(files: Iterable<Uint8Array>, folder: string): void {
  let at = 0;
  for (const bytes of files) {
    const inner = path.join(folder, `SER${String(Math.floor(at / 100)).padStart(4, '0')}`);
    mkdirSync(inner, { recursive: true });
    writeFileSync(path.join(inner, `IM${String(at++).padStart(5, '0')}`), bytes);
  }
}

/** Notes when `Upload` is clicked, when each pack was answered for, and how long the page was blocked. */
export function noteSending(): void {
  const notes = { clicked: 0, sent: 0, done: 0, longestTask: 0 };
  Reflect.set(window, 'notes', notes);
  addEventListener(
    'click',
    ({ target }) => {
      if (target instanceof Element && target.closest('button')?.textContent?.trim() === 'Upload')
        notes.clicked = performance.now();
    },
    { capture: true },
  );
  new PerformanceObserver((list) => {
    for (const { name, startTime, duration } of list.getEntries())
      if (new URL(name).pathname.startsWith('/files'))
        notes.sent = Math.max(notes.sent, startTime + duration);
  }).observe({ type: 'resource', buffered: true });
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      if (notes.clicked > 0 && startTime > notes.clicked)
        notes.longestTask = Math.max(notes.longestTask, duration);
  }).observe({ type: 'longtask' });
  new MutationObserver(() => {
    if (
      notes.done === 0 &&
      [...document.querySelectorAll('h1')].some((h1) => h1.textContent?.startsWith('Success!'))
    )
      notes.done = performance.now();
  }).observe(document, { subtree: true, childList: true, characterData: true });
}

/** Lets a clerk in, and stands before the stage at which a disc is chosen. */
export async function aClerkAt(stack: Stack, browser: PlainBrowser): Promise<void> {
  const { exchange, close } = await openExchange({
    ...environment(),
    dataDirectory: stack.dataDirectory,
    secretFile: path.join(stack.dataDirectory, 'secret'),
    publicUrl: stack.url,
    databaseUrl: stack.databaseUrl,
  });
  const { cookie = '' } = await signedIn(exchange, maya);
  await close();
  for (const each of cookie.split('; ')) {
    const [name = '', ...value] = each.split('=');
    await browser.setCookie({ name, value: value.join('='), url: stack.url });
  }
  await browser.goto(`${stack.url}/desk/${stack.facility}/uploads/new`);
  // Over a long line the page is there before it is awake: everything it is made of has come when nothing more comes.
  await browser.becomes(
    `performance.now() > 1000 + Math.max(...performance.getEntriesByType('resource').map(({ responseEnd }) => responseEnd))`,
  );
}

/** Chooses a folder in the clerk's page; settles when it says what it holds. */
export async function chooseDisc(browser: PlainBrowser, folder: string): Promise<void> {
  await browser.choose('input[webkitdirectory]', folder);
  await browser.becomes(
    `[...document.querySelectorAll('button')].some((it) => it.textContent.trim() === 'Upload')`,
  );
}

/** Presses `Upload`, and settles when the page says that all is well. `roots`: whose CPU is counted. */
export async function sending(browser: PlainBrowser, roots: Record<string, number>): Promise<Sending> {
  const watch = meter({ ...roots, browser: browser.pid });
  await browser.evaluate(
    `[...document.querySelectorAll('button')].find((it) => it.textContent.trim() === 'Upload').click()`,
  );
  await browser.becomes('notes.done > 0');
  const { cpu } = watch.stop();
  const notes = await browser.evaluate<Omit<Sending, 'cpuSeconds'> & { epoch: number }>(
    '({ ...notes, epoch: performance.timeOrigin })',
  );
  const { epoch, longestTask } = notes;
  return {
    clicked: epoch + notes.clicked,
    sent: epoch + notes.sent,
    done: epoch + notes.done,
    longestTask,
    cpuSeconds: cpu,
  };
}
