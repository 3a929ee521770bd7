import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { anInstance } from '../world/dicom/instance.ts';
import { plainBrowser } from './plain-browser.ts';
import { proportionalMb, treeOf } from './processes.ts';
import { startStack } from './stack.ts';
import { aClerkAt, chooseDisc, noteSending, sending } from './upload-page.ts';

const ROWS = 1024;
const COLUMNS = 512;
const QUARTERS = 4;

/** A CT of 1 MB slices whose pixels are all zero and take no room on the disk; its bytes. */
function sparseDisc(folder: string, count: number): number {
  let bytes = 0;
  for (let at = 0; at < count; at++) {
    const options = {
      study: { seed: 'bench', key: 'long' },
      instanceNumber: at + 1,
      seriesNumber: 1 + Math.floor(at / 1000),
    };
    // Of pictures that differ in nothing but their size the head is the same, and the pixels come last.
    const small = anInstance({
      ...options,
      rows: 1,
      columns: 1,
      attributes: { Rows: ROWS, Columns: COLUMNS },
    }).bytes;
    const pixels = ROWS * COLUMNS * 2;
    const head = Buffer.from(small.subarray(0, small.length - 2));
    head.writeUInt32LE(pixels, head.length - 4);
    const inner = path.join(folder, `SER${String(Math.floor(at / 500)).padStart(4, '0')}`);
    if (at % 500 === 0) mkdirSync(inner, { recursive: true });
    const file = path.join(inner, `IM${String(at).padStart(5, '0')}`);
    writeFileSync(file, head);
    truncateSync(file, head.length + pixels);
    bytes += head.length + pixels;
  }
  return bytes;
}

interface Sample {
  bytes: number;
  /** Megabytes by who holds them; pages that several share are counted in parts. */
  memory: Record<string, number>;
}

function line(what: string, { memory }: Sample): string {
  return [what.padEnd(12), ...Object.entries(memory).map(([who, mb]) => `${who} ${mb.toFixed(0)} MB`)].join(
    '  ',
  );
}

/** One long sending through Chromium: how much memory everybody holds, quarter by quarter. */
export async function uploadForLong({ count }: { count: number }): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'filmpost-disc-'));
  const total = sparseDisc(folder, count);
  const stack = await startStack();
  try {
    await using browser = await plainBrowser();
    await browser.beforehand(noteSending);
    await aClerkAt(stack, browser);
    await chooseDisc(browser, folder);
    const sample = async (): Promise<Sample> => {
      const heap = await browser.send<{ usedSize: number }>('Runtime.getHeapUsage');
      const held = (pid: number) => treeOf(pid).reduce((sum, each) => sum + proportionalMb(each), 0);
      const bytes = await browser.evaluate<number>(
        `Number(document.querySelector('[role=progressbar][aria-label=Upload]')?.getAttribute('aria-valuenow') ?? 0)`,
      );
      const memory = Object.fromEntries(Object.entries(stack.pids).map(([who, pid]) => [who, held(pid)]));
      return {
        bytes,
        memory: { ...memory, browser: held(browser.pid), 'of it the page’s heap': heap.usedSize / 1e6 },
      };
    };
    console.log(`upload: one CT of ${count} slices, ${(total / 1e9).toFixed(1)} GB, through Chromium`);
    console.log(line('before', await sample()));
    const over = sending(browser, stack.pids);
    const peaks: Sample[] = Array.from({ length: QUARTERS }, () => ({ bytes: 0, memory: {} }));
    for (let at = 0, done = false; !done;) {
      done = await Promise.race([
        over.then(() => true),
        new Promise<false>((resolve) => setTimeout(resolve, 2000, false)),
      ]);
      if (done) break;
      const { bytes, memory } = await sample();
      at = Math.max(at, Math.min(QUARTERS - 1, Math.floor((bytes / total) * QUARTERS)));
      const peak = peaks[at];
      for (const [who, mb] of Object.entries(memory))
        if (peak) peak.memory[who] = Math.max(peak.memory[who] ?? 0, mb);
    }
    const { clicked, sent, done, longestTask } = await over;
    for (const [at, peak] of peaks.entries()) console.log(line(`quarter ${at + 1}`, peak));
    console.log(line('after', await sample()));
    const seconds = (sent - clicked) / 1000;
    console.log(
      `${seconds.toFixed(0)} s, ${(total / 1e6 / seconds).toFixed(0)} MB/s; ready ${((done - sent) / 1000).toFixed(1)} s after the last byte; longest task ${longestTask.toFixed(0)} ms`,
    );
  } finally {
    await stack.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
