import assert from 'node:assert/strict';
import type { Browser, BrowserContext, BrowserContextOptions, ConsoleMessage, Page } from '@playwright/test';
import type { House } from './house.ts';
import type { Patient } from './people.ts';

/** A browser of one person, of whose pages everything is kept that should not be there. */
export interface WatchedContext {
  context: BrowserContext;
  page: Page;
  /** @throws {assert.AssertionError} naming what was logged, asked or kept that should not be */
  expectClean(): Promise<void>;
}

export interface Watching extends BrowserContextOptions {
  /** What must be found nowhere: names, dates of birth, codes, PINs. May grow while the journey goes on. */
  secrets: readonly string[];
  /** What a journey provokes itself, such as failing requests while it keeps the line cut. */
  forgive?: RegExp;
}

/** Noise of the viewer and of the browser that means nothing to anybody. */
const HARMLESS =
  /GPU stall due to ReadPixels|WebGL|software rendering|React Router|Timer '\w+' does not exist|dataSource=|was preloaded using link preload|Slow network is detected/i;

/** Chrome’s own page around a PDF, a part of the browser as what it asks `chrome:` for. Chromium without it shows none. */
const PDF_VIEWER = 'chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai/';

/** Everything by which a patient could be recognised, as pages and images write it. */
export function secretsOf({ name, patientId, birthDate }: Patient): string[] {
  const [year, month, day] = [birthDate.slice(0, 4), birthDate.slice(4, 6), birthDate.slice(6)];
  const dates = [`${year}${month}${day}`, `${year}-${month}-${day}`, `${year}/${month}/${day}`];
  return [...name.split('^').filter(Boolean), patientId, ...dates];
}

export async function aWatchedContext(
  browser: Browser,
  house: House,
  { secrets, forgive, ...options }: Watching,
): Promise<WatchedContext> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(120_000);
  const complaints: string[] = [];
  const addresses = new Set<string>();
  const own = (url: string) =>
    [`${house.url}/`, PDF_VIEWER].some((start) => url.startsWith(start)) ||
    /^(?:data|blob|about|chrome):/.test(url);
  const complain = (complaint: string) => {
    if (!HARMLESS.test(complaint) && !forgive?.test(complaint)) complaints.push(complaint);
  };
  const lines: string[] = [];
  const hear = (line: ConsoleMessage) => {
    lines.push(line.text());
    if (line.type() === 'error' || line.type() === 'warning')
      complain(`${line.type()}: ${line.text()} (${line.location().url})`);
  };
  context.on('console', hear);
  context.on('weberror', (error) => complain(`uncaught: ${error.error().message}`));
  context.on('request', (request) => {
    addresses.add(request.url());
    if (!own(request.url())) complaints.push(`asked a foreign host: ${request.url()}`);
  });
  context.on('page', (page) => {
    page.on('framenavigated', (frame) => addresses.add(frame.url()));
    page.on('websocket', (socket) => {
      addresses.add(socket.url());
      if (!own(socket.url().replace(/^ws/, 'http'))) complaints.push(`asked a foreign host: ${socket.url()}`);
    });
  });
  const page = await context.newPage();
  return {
    context,
    page,
    expectClean: async () => {
      assert.deepEqual(complaints, [], 'nothing is logged as an error, refused by policy or asked elsewhere');
      const kept = await whatIsKept(context);
      const traces = [...addresses, ...lines, ...kept].filter((text) => holdsOne(text, secrets));
      assert.deepEqual(traces, [], 'no address, log line or storage holds anything of the patient');
      assert.deepEqual(context.serviceWorkers(), []);
    },
  };
}

/** DICOM UIDs, UUIDs and digests: long enough to hold any six digits by chance. */
const OPAQUE = /\d+(?:\.\d+){2,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{12,}/gi;

/** Whether a text holds one of the secrets as a word of its own. */
export function holdsOne(text: string, secrets: readonly string[]): boolean {
  const plain = decoded(text).replace(OPAQUE, '');
  return secrets.some((secret) =>
    new RegExp(`(?<![\\p{L}\\p{N}])${plainly(secret)}(?![\\p{L}\\p{N}])`, 'iu').test(plain),
  );
}

function plainly(words: string): string {
  return words.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Local storage and databases of the whole context, and of each page its session storage and caches. */
async function whatIsKept(context: BrowserContext): Promise<string[]> {
  const kept = [JSON.stringify((await context.storageState({ indexedDB: true })).origins)];
  for (const page of context.pages()) kept.push(...(await page.evaluate(keptByPage)));
  return kept;
}

/** Runs inside the page. */
async function keptByPage(): Promise<string[]> {
  const cached = 'caches' in window ? await caches.keys() : [];
  return [JSON.stringify({ ...sessionStorage }), document.cookie, document.title, ...cached];
}
