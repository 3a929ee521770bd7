import assert from 'node:assert/strict';
import type { Frame, Page } from '@playwright/test';

/** What the viewer has painted, read back from its canvas and addressed by the pixels of the DICOM image. */
export interface ViewerPicture {
  sopInstanceUid: string;
  /** Which frame of the instance, counted from 1. */
  frameNumber: number;
  /** Of the DICOM image (0028,0011) and (0028,0010), not of the canvas. */
  columns: number;
  rows: number;
  /** How many pixels of the canvas one pixel of the image is wide. */
  scale: number;
  /** Red, green and blue, 0 to 255, where the centre of that image pixel lies; undefined outside the canvas. */
  colorAt(column: number, row: number): [number, number, number] | undefined;
}

/** The part of the viewer's own objects that tells where on the canvas an image pixel lies. */
interface ViewerWindow {
  services?: {
    cornerstoneViewportService?: {
      viewportsById: Map<string, unknown>;
      getCornerstoneViewport(id: string): Viewport | undefined;
    };
  };
}

interface Viewport {
  viewportStatus: string;
  getCanvas(): HTMLCanvasElement;
  getCurrentImageId(): string | undefined;
  getImageData():
    { dimensions: number[]; imageData: { indexToWorld(index: number[]): number[] } } | undefined;
  worldToCanvas(world: number[]): number[];
}

/**
 * Waits until a viewport has painted an image and reads it: the first, unless said otherwise. Works on the page or on a
 * frame of it.
 */
export async function viewerPicture(view: Page | Frame, { viewport = 0 } = {}): Promise<ViewerPicture> {
  const painted = await view.waitForFunction(readCanvas, viewport, { polling: 'raf', timeout: 120_000 });
  const read = await painted.jsonValue();
  assert.ok(read);
  const pixels = Buffer.from(read.rgba, 'base64');
  const [origin, right, down] = read.place;
  return {
    sopInstanceUid: read.sopInstanceUid,
    frameNumber: read.frameNumber,
    columns: read.columns,
    rows: read.rows,
    scale: Math.hypot(right[0] - origin[0], right[1] - origin[1]),
    colorAt(column, row) {
      const x = Math.round(origin[0] + (right[0] - origin[0]) * column + (down[0] - origin[0]) * row);
      const y = Math.round(origin[1] + (right[1] - origin[1]) * column + (down[1] - origin[1]) * row);
      if (x < 0 || y < 0 || x >= read.width || y >= read.height) return undefined;
      const at = (y * read.width + x) * 4;
      return [pixels.readUInt8(at), pixels.readUInt8(at + 1), pixels.readUInt8(at + 2)];
    },
  };
}

/** Runs inside the page, so it may use nothing from around it. */
function readCanvas(nth: number) {
  const service = (window as ViewerWindow).services?.cornerstoneViewportService;
  const id = [...(service?.viewportsById.keys() ?? [])][nth];
  const viewport = id === undefined ? undefined : service?.getCornerstoneViewport(id);
  if (viewport?.viewportStatus !== 'rendered') return undefined;
  const image = viewport.getImageData();
  const imageId = viewport.getCurrentImageId();
  const canvas = viewport.getCanvas();
  const context = canvas.getContext('2d');
  if (!image || !imageId || !context) return undefined;
  const ratio = canvas.width / canvas.clientWidth;
  const pointAt = (index: number[]): [number, number] => {
    const [x = 0, y = 0] = viewport.worldToCanvas(image.imageData.indexToWorld(index));
    return [x * ratio, y * ratio];
  };
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  let binary = '';
  for (let at = 0; at < data.length; at += 32768)
    binary += String.fromCharCode(...data.subarray(at, at + 32768));
  const place: [[number, number], [number, number], [number, number]] = [
    pointAt([0, 0, 0]),
    pointAt([1, 0, 0]),
    pointAt([0, 1, 0]),
  ];
  return {
    sopInstanceUid: /instances\/([0-9.]+)/.exec(imageId)?.[1] ?? '',
    frameNumber: Number(/frames\/(\d+)/.exec(imageId)?.[1] ?? 1),
    columns: image.dimensions[0] ?? 0,
    rows: image.dimensions[1] ?? 0,
    width: canvas.width,
    height: canvas.height,
    place,
    rgba: btoa(binary),
  };
}

export interface ExpectedPicture {
  /** The grey, 0 to 255, that the image pixel must show after rescale and window. */
  grayAt(column: number, row: number): number;
  /** How many points to look at across and down; each is the middle of an equal part of the image. */
  grid?: number;
  /** Grey levels of rounding and smoothing that are still the same picture. */
  tolerance?: number;
}

/** @throws {assert.AssertionError} naming the points that differ; also for a picture without any contrast */
export function expectPicture(
  picture: ViewerPicture,
  { grayAt, grid = 8, tolerance = 4 }: ExpectedPicture,
): void {
  const wrong: string[] = [];
  const shades = new Set<number>();
  for (const row of middles(picture.rows, grid)) {
    for (const column of middles(picture.columns, grid)) {
      const expected = Math.round(grayAt(column, row));
      const shown = picture.colorAt(column, row);
      shades.add(expected);
      const allowed = tolerance + slope(picture, grayAt, { column, row }) / 2 / picture.scale;
      const same = shown?.every((value) => Math.abs(value - expected) <= allowed);
      if (!same) wrong.push(`(${column},${row}) shows ${shown ?? 'nothing'}, not ${expected}`);
    }
  }
  assert.ok(shades.size > 1, 'a picture of one shade proves nothing');
  assert.deepEqual(wrong, [], `${wrong.length} of ${grid * grid} points differ`);
}

/** How steeply the grey changes about a pixel: what is painted there lies up to half a canvas pixel beside it. */
function slope(
  { columns, rows }: ViewerPicture,
  grayAt: ExpectedPicture['grayAt'],
  { column, row }: { column: number; row: number },
): number {
  const here = grayAt(column, row);
  const across = [Math.max(0, column - 1), Math.min(columns - 1, column + 1)].map((at) => grayAt(at, row));
  const down = [Math.max(0, row - 1), Math.min(rows - 1, row + 1)].map((at) => grayAt(column, at));
  const steepest = (grays: number[]) => Math.max(...grays.map((gray) => Math.abs(gray - here)));
  return steepest(across) + steepest(down);
}

function middles(length: number, parts: number): number[] {
  return Array.from({ length: parts }, (_, part) => Math.floor(((part + 0.5) * length) / parts));
}
