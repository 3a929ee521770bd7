import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { decode } from '@filmpost/imaging/decode.ts';
import { describeFrame } from '@filmpost/imaging/description.ts';
import { rasterOf } from '@filmpost/imaging/frame-raster.ts';
import { processTools } from '@filmpost/imaging/process-tools.ts';
import type { Raster } from '@filmpost/imaging/raster.ts';
import { NoPicture } from '@filmpost/imaging/refusals.ts';
import { StoredFile } from '@filmpost/imaging/stored-file.ts';
import type { Browser, Page } from '@playwright/test';
import { type SampleImage, WITHOUT_SAMPLES, sampleImages } from '../dicomweb/rendered/sample-images.ts';
import { launchBrowser } from '../world/browser.ts';
import { discReader, stagePicture } from '../world/disc-viewer.ts';
import { aViewerDisc } from '../world/viewer-disc.ts';
import type { ViewerPicture } from '../world/viewer-picture.ts';

const EACH = 2;
const MOST_BYTES = 20_000_000;
const GRID = 12;
/** How far smoothing reaches, in pixels. */
const NEAR = [-2, -1, 0, 1, 2];
/** Browsers smooth with filters that overshoot a little beside edges. */
const ROUNDING = 8;

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser?.close());

/** Some of each transfer syntax and colour, of different series. */
function chosenSamples(): SampleImage[] {
  const kinds = new Map<string, number>();
  const series = new Set<string>();
  const chosen: SampleImage[] = [];
  for (const sample of sampleImages()) {
    const { transferSyntaxUid, seriesInstanceUid, attributes } = sample.head;
    const kind = `${transferSyntaxUid} ${attributes.text(0x00280004)}`;
    const many = kinds.get(kind) ?? 0;
    if (many >= EACH || series.has(seriesInstanceUid) || sample.bytes.length > MOST_BYTES) continue;
    kinds.set(kind, many + 1);
    series.add(seriesInstanceUid);
    chosen.push(sample);
  }
  return chosen;
}

/** The first frame as this very process decodes it, which other tests hold against DCMTK and pydicom. */
function decodedHere({ file, bytes }: SampleImage): Raster | string {
  const stored = new StoredFile({ path: file, byteOffset: 0, byteLength: bytes.length });
  try {
    const description = describeFrame(stored.head, 1, stored.read);
    const { transferSyntaxUid } = stored.head;
    const frame = { transferSyntaxUid, format: description.format, bytes: stored.frame(1, null) };
    return rasterOf(decode(frame, processTools), description, null);
  } catch (error) {
    return error instanceof NoPicture ? error.message : 'The stored picture is damaged';
  } finally {
    stored.close();
  }
}

/**
 * Points all over the picture must agree in every channel. Smoothing mixes a pixel with those about it, so what is shown
 * must lie within what these are.
 */
function expectSame(shown: ViewerPicture, { samples, channels, columns, rows }: Raster): void {
  assert.deepEqual([shown.columns, shown.rows], [columns, rows]);
  const at = (column: number, row: number, channel: number) =>
    samples[(within(row, rows) * columns + within(column, columns)) * channels + channel] ?? 0;
  const wrong: string[] = [];
  for (let point = 0; point < GRID * GRID * 3; point++) {
    const [across, down, channel] = [
      point % GRID,
      Math.floor(point / GRID) % GRID,
      Math.floor(point / GRID ** 2),
    ];
    const column = Math.floor(((across + 0.5) * columns) / GRID);
    const row = Math.floor(((down + 0.5) * rows) / GRID);
    const about = NEAR.flatMap((x) => NEAR.map((y) => at(column + x, row + y, channels === 1 ? 0 : channel)));
    const color = shown.colorAt(column, row)?.[channel] ?? -1;
    if (color < Math.min(...about) - ROUNDING || color > Math.max(...about) + ROUNDING)
      wrong.push(`(${column},${row}) shows ${color}, not ${at(column, row, channels === 1 ? 0 : channel)}`);
  }
  assert.deepEqual(wrong, []);
}

function within(place: number, length: number): number {
  return Math.min(length - 1, Math.max(0, place));
}

async function choose(page: Page, index: number): Promise<void> {
  await page.getByRole('navigation').getByRole('button').nth(index).click();
}

test(
  'every transfer syntax is decoded in the page as on the server, or refused in the same words',
  { skip: WITHOUT_SAMPLES },
  async () => {
    const samples = chosenSamples();
    await using disc = await aViewerDisc({ instances: samples.map(({ bytes }) => bytes) });
    await using reader = await discReader(browser, disc.directory);
    const { page } = reader;
    await reader.open(disc.directory);
    const wrong: string[] = [];
    const byUid = new Map(samples.map((sample) => [sample.head.sopInstanceUid, sample]));
    const count = await page.getByRole('navigation').getByRole('button').count();
    assert.equal(count, samples.length);
    let pictures = 0;
    const left = new Set(byUid.keys());
    for (let index = 0; index < count; index++) {
      await choose(page, index);
      const shown = await page
        .waitForFunction(readInstance, index, { polling: 'raf' })
        .then((found) => found.jsonValue());
      assert.ok(shown);
      const sample = byUid.get(shown.instance);
      if (!sample) continue;
      left.delete(shown.instance);
      const here = decodedHere(sample);
      if (typeof here === 'string') {
        if (!shown.words.startsWith(here.slice(0, 25)))
          wrong.push(`${sample.name} is shown, or says: ${shown.words}`);
        continue;
      }
      pictures++;
      try {
        expectSame(await stagePicture(page, 1), here);
      } catch (error) {
        wrong.push(
          `${sample.name}: ${shown.words || (error instanceof Error ? error.message.slice(0, 200) : '')}`,
        );
      }
    }
    console.log(`# ${pictures} pictures of ${samples.length} samples compared`);
    assert.deepEqual([wrong, [...left]], [[], []]);
    reader.expectClean();
  },
);

/** Runs inside the page: which instance the stage is about, once it shows it or says why not. */
function readInstance(index: number) {
  const current = document.querySelectorAll('nav button')[index]?.getAttribute('aria-current');
  const stage = document.querySelector<HTMLElement>('.stage');
  const canvas = stage?.querySelector('canvas');
  const words = stage?.querySelector('.words')?.textContent ?? '';
  const instance = stage?.dataset.instance ?? '';
  if (current !== 'true' || !instance) return undefined;
  return words || canvas?.dataset.instance === instance ? { instance, words } : undefined;
}
