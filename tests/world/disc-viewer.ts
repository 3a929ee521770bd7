import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import path from 'node:path';
import type { Browser, BrowserContextOptions, Page } from '@playwright/test';
import type { ViewerPicture } from './viewer-picture.ts';

/** Somebody in front of a disc, on a machine without any network. */
export interface DiscReader extends AsyncDisposable {
  page: Page;
  /** Gives the page the folder, as the picker does. */
  open(directory: string): Promise<void>;
  /** @throws {assert.AssertionError} where the page asked for anything but files, failed, or spoke up */
  expectClean(): void;
}

/** Chromium's advice to who reads a canvas back, as these tests do. */
const READS_BACK = /willReadFrequently/;

/** Opens INDEX.HTM of a disc from its folder and follows its link to the viewer. */
export async function discReader(
  browser: Browser,
  directory: string,
  options: BrowserContextOptions = {},
): Promise<DiscReader> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  await context.setOffline(true);
  const complaints: string[] = [];
  context.on('request', (request) => {
    if (!/^(?:file|blob):/.test(request.url())) complaints.push(`asked ${request.url()}`);
  });
  context.on('weberror', (error) => complaints.push(`uncaught ${error.error().message}`));
  context.on('console', (line) => {
    if (!READS_BACK.test(line.text())) complaints.push(`${line.type()}: ${line.text()}`);
  });
  context.on('dialog', (dialog) => complaints.push(`dialog ${dialog.message()}`));
  const page = await context.newPage();
  await page.goto(pathToFileURL(path.join(directory, 'INDEX.HTM')).href);
  await page.getByRole('link', { name: 'Look at the images in this browser' }).click();
  await page.getByRole('navigation', { name: 'Exams on this disc' }).waitFor();
  return {
    page,
    open: (folder) => page.locator('input[type=file]').setInputFiles(folder),
    expectClean: () => assert.deepEqual(complaints, []),
    [Symbol.asyncDispose]: () => context.close(),
  };
}

/**
 * Waits until the stage shows a place of its series, counted from 1, and reads it back.
 * @param window wanted too where it is given, as `C 40 W 400`
 */
export async function stagePicture(page: Page, position: number, window?: string): Promise<ViewerPicture> {
  const wanted = { position: String(position), window };
  const painted = await page.waitForFunction(readStage, wanted, { polling: 'raf', timeout: 30_000 });
  const read = await painted.jsonValue();
  assert.ok(read);
  const pixels = Buffer.from(read.rgba, 'base64');
  const scale = read.box.width / read.columns;
  return {
    ...read,
    scale,
    colorAt(column, row) {
      const x = Math.floor(read.box.x + (column + 0.5) * scale);
      const y = Math.floor(read.box.y + ((row + 0.5) * read.box.height) / read.rows);
      if (x < 0 || y < 0 || x >= read.width || y >= read.height) return undefined;
      const at = (y * read.width + x) * 4;
      return [pixels.readUInt8(at), pixels.readUInt8(at + 1), pixels.readUInt8(at + 2)];
    },
  };
}

/** Runs inside the page, so it may use nothing from around it. */
function readStage({ position, window }: { position: string; window?: string }) {
  const canvas = document.querySelector<HTMLCanvasElement>('.stage canvas');
  const context = canvas?.getContext('2d');
  if (!canvas || !context || canvas.dataset.position !== position) return undefined;
  if (window !== undefined && canvas.dataset.window !== window) return undefined;
  const [x = 0, y = 0, width = 0, height = 0] = (canvas.dataset.box ?? '').split(' ').map(Number);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  let binary = '';
  for (let at = 0; at < data.length; at += 32768)
    binary += String.fromCharCode(...data.subarray(at, at + 32768));
  return {
    sopInstanceUid: canvas.dataset.instance ?? '',
    frameNumber: Number(canvas.dataset.frame),
    columns: Number(canvas.dataset.columns),
    rows: Number(canvas.dataset.rows),
    width: canvas.width,
    height: canvas.height,
    box: { x, y, width, height },
    rgba: btoa(binary),
  };
}
