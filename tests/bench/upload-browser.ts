import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { aLine } from '../world/line.ts';
import { floorServer } from './floor-server.ts';
import { type PlainBrowser, plainBrowser } from './plain-browser.ts';
import { type Slices, ctSlices } from './slices.ts';
import { type Stack, startStack } from './stack.ts';
import { median } from './table.ts';
import { touchMemory } from './touched-memory.ts';
import { type Sending, aClerkAt, chooseDisc, discOf, noteSending, sending } from './upload-page.ts';

/** Half the time to the server and back on a long line. */
const ONE_WAY_MS = 15;
const EXAMS = 4;
/** What a gigabyte takes on its way through browser, server and the system's cache, generously. */
const GIBIBYTES_TOUCHED = 5;

interface Disc {
  folder: string;
  count: number;
  bytes: number;
}

type Contender = (disc: Disc, delayMs: number) => Promise<Sending>;

function barePacks(...words: readonly string[]): Contender {
  return async ({ folder, count }, delayMs) => {
    await using floor = await floorServer('floor-packs.ts', ...words);
    return await throughBrowser(delayMs, async (browser) => {
      await browser.goto(floor.url);
      await browser.choose('input', folder);
      await browser.becomes(`document.querySelector('input').files.length === ${count}`);
      return sending(browser, { server: floor.pid });
    });
  };
}

const ours: Contender = ({ folder }, delayMs) =>
  withStack((stack) =>
    throughBrowser(delayMs, async (browser) => {
      await aClerkAt(stack, browser);
      await chooseDisc(browser, folder);
      return sending(browser, stack.pids);
    }),
  );

async function throughBrowser<Result>(
  delayMs: number,
  act: (browser: PlainBrowser) => Promise<Result>,
): Promise<Result> {
  const line = await aLine({ delayMs });
  try {
    await using browser = await plainBrowser({ proxy: delayMs > 0 ? line.proxy.server : undefined });
    await browser.beforehand(noteSending);
    return await act(browser);
  } finally {
    line.close();
  }
}

async function withStack<Result>(act: (stack: Stack) => Promise<Result>): Promise<Result> {
  const stack = await startStack();
  try {
    return await act(stack);
  } finally {
    await stack.stop();
  }
}

/** A disc of several exams: when the first is whole and an image of it is had, while the others travel. */
async function firstExam(folder: string, exams: readonly Slices[]): Promise<void> {
  await withStack(async (stack) => {
    let travelling = true;
    const [{ clicked, sent }, at] = await throughBrowser(0, async (browser) => {
      await aClerkAt(stack, browser);
      await chooseDisc(browser, folder);
      const viewable = wholeExam(stack, exams, () => travelling);
      const times = await sending(browser, {});
      travelling = false;
      return [times, await viewable];
    });
    const share =
      at === null
        ? 'not before the last byte'
        : `at ×${((at - clicked) / (sent - clicked)).toFixed(2)} of the sending`;
    console.log(`first of ${EXAMS} exams whole and its middle image had: ${share}`);
  });
}

/** When one of these exams is whole and its middle image can be had; null when sending ended before. */
async function wholeExam(
  stack: Stack,
  exams: readonly Slices[],
  wanted: () => boolean,
): Promise<number | null> {
  const headers = { authorization: `Bearer ${stack.key}` };
  const ask = async (way: string) => {
    const answer = await fetch(`${stack.url}/dicomweb/studies/${way}`, { headers });
    return answer.status === 200 ? answer : null;
  };
  while (wanted()) {
    for (const { studyInstanceUid, files } of exams) {
      const found: Record<string, { Value?: string[] }>[] =
        (await (await ask(`${studyInstanceUid}/instances`))?.json()) ?? [];
      if (found.length < files.length) continue;
      const image = found[Math.floor(files.length / 2)];
      const [series, instance] = [image?.['0020000E']?.Value?.[0], image?.['00080018']?.Value?.[0]];
      const frame = await ask(`${studyInstanceUid}/series/${series}/instances/${instance}/frames/1`);
      if (frame && (await frame.arrayBuffer()).byteLength > 0) return Date.now();
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return null;
}

/** All are held against the first, which is the floor; the second tells what hashing costs a simple page. */
const CONTENDERS: Record<string, Contender> = {
  'bare packs of 40, no hashes': barePacks(),
  'bare packs of 40, hashed': barePacks('hashed'),
  'ours, a clerk at /uploads/new': ours,
};

function line(what: string, { count, bytes }: Disc, all: ReadonlyMap<string, readonly Sending[]>) {
  const times = all.get(what) ?? [];
  const secondsOf = (of: readonly Sending[]) =>
    median(of.map(({ clicked, sent }) => (sent - clicked) / 1000));
  const seconds = secondsOf(times);
  const [bare = [], hashed = []] = all.values();
  const after = median(times.map(({ sent, done }) => done - sent));
  console.log(
    [
      what.padEnd(30),
      `${(count / seconds).toFixed(0).padStart(5)} files/s`,
      `${(bytes / 1e6 / seconds).toFixed(0).padStart(4)} MB/s`,
      `×${(secondsOf(bare) / seconds).toFixed(2)} of bare`,
      `×${(secondsOf(hashed) / seconds).toFixed(2)} of hashed`,
      ...(times === bare || times === hashed ? [] : [`ready ${after.toFixed(0)} ms after the last byte`]),
      `longest task ${Math.max(...times.map(({ longestTask }) => longestTask)).toFixed(0)} ms`,
      Object.entries(times.at(-1)?.cpuSeconds ?? {})
        .map(([who, cpu]) => `${who} ${cpu.toFixed(1)}`)
        .join(', '),
    ].join('  '),
  );
}

/**
 * A CT sent by the page of a clerk through Chromium, read, hashed, asked for and verified, beside a bare page that only
 * sends packs and one that hashes them first; near by and over a long line. Then a disc of several exams.
 */
export async function uploadThroughBrowser({ count, rounds }: { count: number; rounds: number }) {
  const root = mkdtempSync(path.join(os.tmpdir(), 'filmpost-discs-'));
  try {
    const ct = { ...ctSlices(count, 'one'), folder: path.join(root, 'one') };
    discOf(ct.files, ct.folder);
    const disc = { folder: ct.folder, count, bytes: ct.bytes };
    console.log(`upload: ${count} CT slices through Chromium, ${rounds} rounds in turns`);
    for (const delayMs of [0, ONE_WAY_MS]) {
      const all = new Map<string, Sending[]>(Object.keys(CONTENDERS).map((what) => [what, []]));
      for (let round = 0; round < rounds; round++)
        for (const [what, send] of Object.entries(CONTENDERS)) {
          touchMemory(GIBIBYTES_TOUCHED);
          all.get(what)?.push(await send(disc, delayMs));
        }
      console.log(delayMs === 0 ? 'over loopback' : `with ${2 * delayMs} ms there and back`);
      for (const what of all.keys()) line(what, disc, all);
    }
    const exams = Array.from({ length: EXAMS }, (_, at) => ctSlices(Math.floor(count / EXAMS), `exam ${at}`));
    const folder = path.join(root, 'several');
    discOf(
      exams.flatMap(({ files }) => files),
      folder,
    );
    await firstExam(folder, exams);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
