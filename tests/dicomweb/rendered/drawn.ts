import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inflateSync } from 'node:zlib';
import type { Picture, PictureStyle } from '@filmpost/imaging/rendering.ts';
import { renderFrame } from '@filmpost/imaging/rendering.ts';

/** A picture as rows of samples: one of grey, three of RGB. */
export interface Drawn {
  columns: number;
  rows: number;
  channels: 1 | 3;
  samples: Uint8Array;
}

export const PLAIN: PictureStyle = {
  type: 'image/png',
  quality: 90,
  viewport: null,
  region: null,
  window: null,
};

/** Renders a file's frame, as the server would, and reads the PNG. */
export async function drawn(
  file: Uint8Array,
  { frameNumber = 1, ...style }: Partial<PictureStyle> & { frameNumber?: number } = {},
): Promise<Drawn> {
  const picture = await pictureOf(file, { frameNumber, ...style });
  return readPng(Buffer.from(picture.bytes));
}

export async function pictureOf(
  file: Uint8Array,
  { frameNumber = 1, ...style }: Partial<PictureStyle> & { frameNumber?: number } = {},
): Promise<Picture> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'filmpost-rendered-'));
  try {
    const at = path.join(directory, 'instance');
    writeFileSync(at, file);
    const instance = { path: at, byteOffset: 0, byteLength: file.length };
    return await renderFrame({ instance, frameNumber, frame: null, style: { ...PLAIN, ...style } });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** A PNG of 8-bit grey or RGB, with every filter of PNG 9.2 but the ones nobody here writes. */
export function readPng(file: Buffer): Drawn {
  assert.equal(file.toString('latin1', 1, 4), 'PNG');
  const [columns, rows] = [file.readUInt32BE(16), file.readUInt32BE(20)];
  assert.equal(file[24], 8);
  const channels = file[25] === 2 ? 3 : 1;
  const data: Buffer[] = [];
  for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at))
    if (file.toString('latin1', at + 4, at + 8) === 'IDAT')
      data.push(file.subarray(at + 8, at + 8 + file.readUInt32BE(at)));
  const filtered = inflateSync(Buffer.concat(data));
  const stride = columns * channels;
  const samples = new Uint8Array(rows * stride);
  for (let row = 0; row < rows; row++) {
    assert.equal(filtered[row * (stride + 1)], 2, 'rows are filtered by the one above');
    for (let x = 0; x < stride; x++) {
      const above = row > 0 ? samples[(row - 1) * stride + x]! : 0;
      samples[row * stride + x] = filtered[row * (stride + 1) + 1 + x]! + above;
    }
  }
  return { columns, rows, channels, samples };
}

/** A PGM or PPM of 8 bits, as DCMTK writes it. */
export function readPnm(file: Buffer): Drawn {
  const head = /^P([56])\s+(?:#.*\s+)*(\d+)\s+(\d+)\s+255\s/.exec(file.toString('latin1', 0, 200));
  assert.ok(head, 'a PGM or PPM of 8 bits');
  const [all, kind, columns, rows] = head;
  const channels = kind === '6' ? 3 : 1;
  return {
    columns: Number(columns),
    rows: Number(rows),
    channels,
    samples: new Uint8Array(file.subarray(all.length)),
  };
}

/** How far two pictures are apart: the largest difference of a sample, and the mean one. */
export function difference(a: Drawn, b: Drawn): { most: number; mean: number } {
  assert.deepEqual([a.columns, a.rows], [b.columns, b.rows]);
  let most = 0;
  let sum = 0;
  const pixels = a.columns * a.rows;
  const sample = (of: Drawn, pixel: number, channel: number) =>
    of.samples[of.channels === 3 ? pixel * 3 + channel : pixel]!;
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      const apart = Math.abs(sample(a, pixel, channel) - sample(b, pixel, channel));
      most = Math.max(most, apart);
      sum += apart;
    }
  }
  return { most, mean: sum / pixels / 3 };
}
