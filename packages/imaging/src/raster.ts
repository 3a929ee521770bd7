/** Shades or colours of a picture, and their change of size. */

export interface Raster {
  columns: number;
  rows: number;
  /** 1 for grey, 3 for RGB. */
  channels: 1 | 3;
  samples: Uint8Array;
}

/** Part of a picture, in its pixels; a negative width or height turns it round (PS3.18 8.3.5.1.3). */
export interface Region {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Where one pixel of the result comes from: `weights` of the pixels from `first` on. */
interface Tap {
  first: number;
  weights: number[];
}

/**
 * Cuts a region out of a picture and gives it `columns` × `rows` pixels: the mean of what a pixel covers where there are
 * fewer of them, values in between where there are more.
 */
export function resized(
  raster: Raster,
  region: Region,
  { columns, rows }: { columns: number; rows: number },
): Raster {
  const { channels } = raster;
  const across = taps({ from: region.x, span: region.width, held: raster.columns }, columns);
  const down = taps({ from: region.y, span: region.height, held: raster.rows }, rows);
  const top = Math.min(...down.map(({ first }) => first));
  const bottom = Math.max(...down.map(({ first, weights }) => first + weights.length));
  const strip = new Float32Array((bottom - top) * columns * channels);
  for (let y = top, to = 0; y < bottom; y++) {
    const row = y * raster.columns * channels;
    for (const { first, weights } of across) {
      for (let channel = 0; channel < channels; channel++, to++) {
        let sum = 0;
        for (let i = 0, at = row + first * channels + channel; i < weights.length; i++, at += channels)
          sum += raster.samples[at]! * weights[i]!;
        strip[to] = sum;
      }
    }
  }
  const samples = summedDown(strip, { down, top, stride: columns * channels });
  return { columns, rows, channels, samples };
}

function summedDown(
  strip: Float32Array,
  { down, top, stride }: { down: Tap[]; top: number; stride: number },
): Uint8Array {
  const samples = new Uint8Array(down.length * stride);
  const sums = new Float32Array(stride);
  down.forEach(({ first, weights }, row) => {
    sums.fill(0.5);
    weights.forEach((weight, i) => {
      const line = (first - top + i) * stride;
      for (let x = 0; x < stride; x++) sums[x]! += strip[line + x]! * weight;
    });
    samples.set(sums, row * stride);
  });
  return samples;
}

/** The taps of one axis; `span` below zero runs the other way. */
function taps({ from, span, held }: { from: number; span: number; held: number }, count: number): Tap[] {
  const step = Math.abs(span) / count;
  const result = Array.from({ length: count }, (_, index) => {
    const start = from + index * step;
    return step >= 1 ? covering(start, step, held) : between(start + step / 2 - 0.5, held);
  });
  return span < 0 ? result.reverse() : result;
}

function covering(start: number, step: number, held: number): Tap {
  const first = Math.min(held - 1, Math.floor(start + 1e-9));
  const end = Math.max(first + 1, Math.min(held, Math.ceil(start + step - 1e-9)));
  const weights = Array.from({ length: end - first }, (_, i) =>
    Math.max(1e-9, Math.min(first + i + 1, start + step) - Math.max(first + i, start)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return { first, weights: weights.map((weight) => weight / sum) };
}

function between(center: number, held: number): Tap {
  const at = Math.min(held - 1, Math.max(0, center));
  const first = Math.floor(at);
  const share = at - first;
  return share > 0 ? { first, weights: [1 - share, share] } : { first, weights: [1] };
}
