import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { cookieName } from '@filmpost/api/knock.ts';
import { environment } from '@filmpost/config/environment.ts';
import { enterWithCode } from '@filmpost/exchange/access/codes/commands.ts';
import { admit, operator } from '@filmpost/exchange/access/gate/commands.ts';
import { openExchange } from '@filmpost/exchange/open-exchange.ts';
import { createShare } from '@filmpost/exchange/shares/commands.ts';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { buildEverything } from '../../scripts/building.ts';
import { Steps } from '../../scripts/steps.ts';
import { launchBrowser } from '../world/browser.ts';
import { stow } from './senders.ts';
import { ctSlices } from './slices.ts';
import { type Stack, startStack } from './stack.ts';

const birthDate = '1981-08-29';

interface Shared {
  shareId: string;
  /** Name and value of the recipient's session cookie. */
  cookie: [name: string, value: string];
}

async function share(stack: Stack, studyInstanceUid: string): Promise<Shared> {
  const { exchange, close } = await openExchange({
    ...environment(),
    dataDirectory: stack.dataDirectory,
    secretFile: path.join(stack.dataDirectory, 'secret'),
    publicUrl: stack.url,
    databaseUrl: stack.databaseUrl,
  });
  const subject = { facility: stack.facility };
  const work = await admit(exchange, operator(), { capability: 'facility:work', subject });
  const made = await createShare(exchange, work, {
    facility: stack.facility,
    studyInstanceUids: [studyInstanceUid],
    birthDate,
  });
  const { token } = await enterWithCode(exchange, { code: made.code, birthDate }, 'bench');
  const name = cookieName('recipient', stack.url);
  await close();
  return { shareId: made.shareId, cookie: [name, token] };
}

interface Look {
  /** Milliseconds from the click to the first painted image. */
  milliseconds: number;
  requests: number;
  bytes: number;
}

/** Notes when the viewer says that its first image is painted; the clock is that of the page that was asked for. */
function noteFirstImage(): void {
  window.addEventListener('message', ({ data }) => {
    if (data?.type === 'filmpost:viewer-image' && Reflect.get(window, 'firstImageAt') === undefined)
      Reflect.set(window, 'firstImageAt', performance.now());
  });
}

async function firstImageAt(page: Page): Promise<number> {
  const found = await page.waitForFunction(() => Reflect.get(window, 'firstImageAt'), undefined, {
    polling: 50,
    timeout: 120_000,
  });
  return Number(await found.jsonValue());
}

/** Counts what travels until the first image is there. */
async function counted(page: Page, act: () => Promise<number>): Promise<Look> {
  const travelled: Promise<number>[] = [];
  page.on('requestfinished', (request) =>
    travelled.push(
      request.sizes().then(
        ({ responseBodySize, responseHeadersSize }) => responseBodySize + responseHeadersSize,
        () => 0,
      ),
    ),
  );
  const milliseconds = await act();
  const sizes = await Promise.all(travelled);
  return { milliseconds, requests: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

/** The viewer by itself, at the top of a page. */
async function lookAt(context: BrowserContext, address: string): Promise<Look> {
  const page = await context.newPage();
  await page.addInitScript(noteFirstImage);
  const look = await counted(page, async () => {
    await page.goto(address, { waitUntil: 'commit' });
    return firstImageAt(page);
  });
  await page.close();
  return look;
}

/** As a physician does it: `View imaging` in the Share Inbox. */
async function lookFromInbox(context: BrowserContext, inbox: string): Promise<Look> {
  const page = await context.newPage();
  await page.addInitScript(noteFirstImage);
  await page.goto(inbox);
  const link = page.getByRole('link', { name: 'View imaging' });
  await link.waitFor();
  await page.waitForLoadState('networkidle');
  const look = await counted(page, async () => {
    const clicked = await page.evaluate(() => performance.now());
    await link.click();
    return (await firstImageAt(page)) - clicked;
  });
  await page.close();
  return look;
}

/** Asks for what the viewer asked for, with the headers it sent, and keeps the answers as they travelled. */
async function record(
  browser: Browser,
  { address, cookie, directory }: { address: string; cookie: Shared['cookie']; directory: string },
) {
  const context = await browser.newContext();
  await context.addCookies([cookieFor(address, cookie)]);
  const asked = new Map<string, Record<string, string>>();
  context.on('request', (request) => {
    if (request.url().startsWith('http')) asked.set(request.url(), request.headers());
  });
  const page = await context.newPage();
  await page.addInitScript(noteFirstImage);
  const opened = await page.goto(address);
  // Before that the network rests as well, while the viewer starts.
  await firstImageAt(page);
  await page.waitForLoadState('networkidle');
  // What the browser adds on the way is the same for every request to one host.
  const { cookie: sent = '', 'accept-encoding': encodings = '' } =
    (await opened?.request().allHeaders()) ?? {};
  const answers: Record<string, object> = {};
  for (const [url, headers] of asked) {
    const added = { cookie: sent, 'accept-encoding': encodings };
    const { status, headers: given, body } = await raw(url, { ...headers, ...added });
    const file = `answer-${Object.keys(answers).length}`;
    writeFileSync(path.join(directory, file), body);
    const { pathname, search } = new URL(url);
    answers[pathname + search] = { status, headers: given, file };
  }
  writeFileSync(path.join(directory, 'answers.json'), JSON.stringify(answers));
  await context.close();
}

function cookieFor(address: string, [name, value]: Shared['cookie']) {
  return { name, value, url: new URL(address).origin };
}

/** An answer with its encoding left on. */
async function raw(url: string, headers: Record<string, string>) {
  const sent = Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => !name.startsWith(':') && !/^if-|^(host|connection)$/.test(name),
    ),
  );
  const request = http.get(url, { headers: sent });
  const [message]: http.IncomingMessage[] = await once(request, 'response');
  if (!message) throw new Error('no answer');
  const body = Buffer.concat(await message.toArray());
  const kept = Object.entries(message.headers).filter(
    ([name]) => !['connection', 'keep-alive', 'transfer-encoding', 'date', 'set-cookie'].includes(name),
  );
  return { status: message.statusCode ?? 0, headers: Object.fromEntries(kept), body };
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function line(what: string, looks: readonly Look[], floor: readonly Look[]): string {
  const time = median(looks.map(({ milliseconds }) => milliseconds));
  const [look] = looks;
  return [
    what.padEnd(46),
    `${time.toFixed(0).padStart(6)} ms`,
    `×${(time / median(floor.map(({ milliseconds }) => milliseconds))).toFixed(2)} of floor`,
    `${look?.requests ?? 0} requests, ${((look?.bytes ?? 0) / 1e6).toFixed(1)} MB`,
  ].join('  ');
}

interface Options {
  count?: number;
  rounds?: number;
}

/**
 * From the click to the first painted image of a CT, cold and with the browser's cache, beside the same viewer fed with
 * the same answers from a server that only gives files.
 */
export async function viewer({ count = 100, rounds = 5 }: Options): Promise<void> {
  await buildEverything({ steps: new Steps() });
  const slices = ctSlices(count, 'viewer');
  const directory = mkdtempSync(path.join(os.tmpdir(), 'filmpost-viewer-floor-'));
  const stack = await startStack();
  const browser = await launchBrowser();
  try {
    await stow({ url: stack.url, headers: { authorization: `Bearer ${stack.key}` } }, slices.files);
    const { shareId, cookie } = await share(stack, slices.studyInstanceUid);
    const place = `/ohif/viewer?StudyInstanceUIDs=${slices.studyInstanceUid}&share=${shareId}`;
    await record(browser, { address: stack.url + place, cookie, directory });
    const floor = spawn(process.execPath, [path.join(import.meta.dirname, 'floor-viewer.ts'), directory], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const ended = once(floor, 'exit').then(() => Promise.reject(new Error('the floor ended early')));
    const [port] = await Promise.race([once(floor, 'message'), ended]);
    await compare({
      browser,
      rounds,
      cookie,
      ours: stack.url,
      floor: `http://127.0.0.1:${port}`,
      place,
      shareId,
    });
    floor.disconnect();
    await ended.catch(() => undefined);
  } finally {
    await browser.close();
    await stack.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

interface Contest {
  browser: Browser;
  rounds: number;
  cookie: Shared['cookie'];
  ours: string;
  floor: string;
  place: string;
  shareId: string;
}

/** In turns, each round with a browser that has seen nothing yet, and then once more with what it kept. */
async function compare({ browser, rounds, cookie, ours, floor, place, shareId }: Contest): Promise<void> {
  const looks: Record<string, { cold: Look[]; warm: Look[] }> = {};
  const contenders: [string, (context: BrowserContext) => Promise<Look>][] = [
    [FLOOR, (context) => lookAt(context, floor + place)],
    ['ours', (context) => lookAt(context, ours + place)],
    ['ours, clicked in the Share Inbox', (context) => lookFromInbox(context, `${ours}/view/${shareId}`)],
  ];
  for (let round = 0; round < rounds; round++) {
    for (const [what, look] of round % 2 ? contenders.toReversed() : contenders) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
      await context.addCookies([cookieFor(ours, cookie)]);
      const { cold, warm } = (looks[what] ??= { cold: [], warm: [] });
      cold.push(await look(context));
      warm.push(await look(context));
      await context.close();
    }
  }
  console.log(`viewer: first image of a CT, ${rounds} rounds in turns`);
  for (const state of ['cold', 'warm'] as const)
    for (const [what, found] of Object.entries(looks))
      console.log(line(`${what}, ${state}`, found[state], looks[FLOOR]?.[state] ?? []));
}

const FLOOR = 'the same answers from files';
