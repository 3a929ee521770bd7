import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { environment } from '@filmpost/config/environment.ts';
import { admit, operator } from '@filmpost/exchange/access/gate/commands.ts';
import { openExchange } from '@filmpost/exchange/open-exchange.ts';
import { createRequest } from '@filmpost/exchange/requests/commands.ts';
import type { Browser, Page } from '@playwright/test';
import { buildEverything } from '../../scripts/building.ts';
import { Steps } from '../../scripts/steps.ts';
import { launchBrowser } from '../world/browser.ts';
import { aStudy } from '../world/dicom/study.ts';
import { ada } from '../world/people.ts';
import { discSummary, enterPin, getReady } from '../world/visits/outside-clinic.ts';
import { usageOf } from './processes.ts';
import { type Stack, startStack } from './stack.ts';

const LONG_MS = 50;
const SERIES = 4;
const JUNK_SHARE = 10;

interface Chosen {
  /** Milliseconds in which the page answered nobody, each over 50. */
  tasks: number[];
  seconds: number;
  /** Of the page's process, its workers included, in MB: before, and the most until the end. */
  memoryMb: [before: number, peak: number];
}

/** How a folder gets into a page. */
type Way = (page: Page, folder: string) => Promise<void>;

const byInput: Way = (page, folder) => page.locator('input[webkitdirectory]').setInputFiles(folder);

/** A drop as the system delivers it: folders come as entries. */
const byDrop: Way = async (page, folder) => {
  const session = await page.context().newCDPSession(page);
  const box = await page.getByRole('group', { name: 'Drag it here' }).boundingBox();
  const place = { x: (box?.x ?? 0) + 30, y: (box?.y ?? 0) + 30 };
  const data = { items: [], files: [folder], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, ...place, data });
  await session.detach();
};

/** Small slices of one exam in four series, and a tenth of other files. */
function writeDisc(directory: string, count: number): void {
  const images = Math.floor(count - count / JUNK_SHARE);
  const series = Array.from({ length: SERIES }, () => ({
    instances: Math.floor(images / SERIES),
    rows: 96,
    columns: 96,
  }));
  const { files } = aStudy({ key: `page/${count}`, studyDescription: 'CT', series }, 1);
  for (const file of files) write(path.join(directory, file.path), file.bytes);
  for (let at = files.length; at < count; at++)
    write(path.join(directory, `VIEWER/HELP/PAGE${at}.HTM`), Buffer.from('<html>help</html>'));
}

function write(place: string, bytes: Uint8Array): void {
  mkdirSync(path.dirname(place), { recursive: true });
  writeFileSync(place, bytes);
}

/** Memory of the browser's pages, in MB by process. */
async function memoryOf(browser: Browser): Promise<() => Map<number, number>> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  return () => new Map(renderers.map((id) => [id, usageOf([id]).memoryMb]));
}

/** Of the page at work: the one whose memory moves most. */
class MemoryWatch {
  readonly #look: () => Map<number, number>;
  readonly #before: Map<number, number>;
  readonly #peak: Map<number, number>;
  readonly #timer: NodeJS.Timeout;

  constructor(look: () => Map<number, number>) {
    this.#look = look;
    this.#before = look();
    this.#peak = new Map(this.#before);
    this.#timer = setInterval(() => this.#note(), 100);
  }

  #note(): void {
    for (const [id, mb] of this.#look()) this.#peak.set(id, Math.max(mb, this.#peak.get(id) ?? 0));
  }

  stop(): [before: number, peak: number] {
    clearInterval(this.#timer);
    this.#note();
    const moved = [...this.#peak].map(([id, peak]): [number, number] => [this.#before.get(id) ?? 0, peak]);
    return moved.toSorted(([a, b], [c, d]) => d - c - (b - a))[0] ?? [0, 0];
  }
}

/** Watches a page while something is done with it. */
async function watched(browser: Browser, page: Page, act: () => Promise<void>): Promise<Chosen> {
  await page.evaluate(() => {
    const tasks: number[] = [];
    const note = (list: PerformanceObserverEntryList) =>
      tasks.push(...list.getEntries().map(({ duration }) => duration));
    new PerformanceObserver(note).observe({ type: 'longtask' });
    Reflect.set(window, 'longTasks', tasks);
  });
  const memory = new MemoryWatch(await memoryOf(browser));
  const begun = performance.now();
  await act();
  const seconds = (performance.now() - begun) / 1000;
  const memoryMb = memory.stop();
  // Tasks are told of when they are over, in a task of their own.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200)));
  const tasks: number[] = await page.evaluate(() => Reflect.get(window, 'longTasks'));
  return { tasks, seconds, memoryMb };
}

function line(what: string, { tasks, seconds, memoryMb: [before, peak] }: Chosen): string {
  const longest = Math.max(0, ...tasks);
  return [
    what.padEnd(34),
    `${seconds.toFixed(1).padStart(6)} s`,
    `longest task ${longest.toFixed(0).padStart(4)} ms`,
    `${String(tasks.length).padStart(3)} over ${LONG_MS} ms`,
    `page ${before.toFixed(0)} → ${peak.toFixed(0)} MB`,
  ].join('  ');
}

const BARE = `<input type=file webkitdirectory multiple><div role=group aria-label='Drag it here' style="height:200px"></div><script>
  const done = (count) => (document.title = 'got ' + count);
  document.querySelector('input').onchange = ({ target }) => done(target.files.length);
  const drop = document.querySelector('[role=group]');
  drop.ondragover = drop.ondragenter = (event) => event.preventDefault();
  drop.ondrop = (event) => { event.preventDefault(); done(event.dataTransfer.items.length); };
</script>`;

/** A page that is given the folder and does nothing with it: the browser's own share. */
async function bare(browser: Browser, way: Way, folder: string): Promise<Chosen> {
  const page = await browser.newPage();
  await page.setContent(BARE);
  const chosen = await watched(browser, page, async () => {
    await way(page, folder);
    await page.waitForFunction(() => document.title.startsWith('got'));
  });
  await page.close();
  return chosen;
}

interface Asked {
  url: string;
  pin: string;
}

async function aRequest(stack: Stack): Promise<Asked> {
  const { exchange, close } = await openExchange({
    ...environment(),
    dataDirectory: stack.dataDirectory,
    secretFile: path.join(stack.dataDirectory, 'secret'),
    publicUrl: stack.url,
    databaseUrl: stack.databaseUrl,
  });
  const subject = { facility: stack.facility };
  const work = await admit(exchange, operator(), { capability: 'facility:work', subject });
  const { url, pin } = await createRequest(exchange, work, {
    facility: stack.facility,
    patientName: ada.name,
    birthDate: '1981-08-29',
    details: 'Everything there is.',
  });
  await close();
  return { url, pin };
}

/** From the choice to the line that says what is on the disc, and from `Upload` until everything is sent. */
async function ours(browser: Browser, stack: Stack, { way, folder, send }: Ours): Promise<Chosen[]> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await enterPin(page, await aRequest(stack));
  await getReady(page);
  await page.getByRole('button', { name: 'Choose files' }).waitFor();
  const understood = await watched(browser, page, async () => {
    await way(page, folder);
    await discSummary(page);
  });
  const found = [understood];
  if (send) {
    found.push(
      await watched(browser, page, async () => {
        await page.getByRole('button', { name: 'Upload', exact: true }).click();
        await page.getByRole('button', { name: 'Confirm' }).waitFor({ timeout: 240_000 });
      }),
    );
  }
  await context.close();
  return found;
}

interface Ours {
  way: Way;
  folder: string;
  send: boolean;
}

/** What choosing and sending a disc costs the page that people look at, beside a page that does nothing with it. */
export async function choosing({ count }: { count?: number }): Promise<void> {
  await buildEverything({ steps: new Steps() });
  const stack = await startStack();
  const browser = await launchBrowser();
  const root = mkdtempSync(path.join(os.tmpdir(), 'filmpost-page-'));
  try {
    for (const files of count ? [count] : [5_000, 20_000]) {
      const folder = path.join(root, String(files));
      writeDisc(folder, files);
      console.log(`\nthe page, with a folder of ${files.toLocaleString('en-US')} files`);
      for (const [word, way] of [
        ['chosen', byInput],
        ['dropped', byDrop],
      ] as const) {
        console.log(line(`${word}, bare page`, await bare(browser, way, folder)));
        const send = way === byDrop;
        const [understood, sent] = await ours(browser, stack, { way, folder, send });
        if (understood) console.log(line(`${word}, ours until the summary`, understood));
        if (sent) console.log(line('sent and checked', sent));
      }
      rmSync(folder, { recursive: true });
    }
  } finally {
    await browser.close();
    await stack.stop();
    rmSync(root, { recursive: true, force: true });
  }
}
