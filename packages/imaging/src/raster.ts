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

/** Where the pixels of one axis of the result come from: each from `most` pixels at most, those of no weight included. */
interface Taps {
  count: number;
  most: number;
  firsts: Int32Array;
  weights: Float32Array;
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
  const across = taps({ from: region.x, span: region.width, held: raster.columns }, columns);
  const down = taps({ from: region.y, span: region.height, held: raster.rows }, rows);
  const stride = columns * raster.channels;
  const sums = new Float32Array(stride);
  const samples = new Uint8Array(rows * stride);
  const lines = new Lines(raster, across);
  for (let row = 0; row < rows; row++) {
    sums.fill(0.5);
    for (let i = 0; i < down.most; i++) {
      const weight = down.weights[row * down.most + i]!;
      if (weight > 0) add(sums, lines.at(down.firsts[row]! + i), weight);
    }
    samples.set(sums, row * stride);
  }
  return { columns, rows, channels: raster.channels, samples };
}

function add(sums: Float32Array, line: Float32Array, weight: number): void {
  for (let x = 0; x < sums.length; x++) sums[x]! += line[x]! * weight;
}

/** Lines of the picture in their new width, made when asked for; neighbours are asked for the same ones. */
class Lines {
  readonly #raster: Raster;
  readonly #across: Taps;
  readonly #kept = new Map<number, Float32Array>();

  constructor(raster: Raster, across: Taps) {
    this.#raster = raster;
    this.#across = across;
  }

  at(row: number): Float32Array {
    const known = this.#kept.get(row);
    if (known) return known;
    const [oldest] = this.#kept;
    const reused = this.#kept.size >= 2 && oldest ? oldest : null;
    if (reused) this.#kept.delete(reused[0]);
    const line = reused?.[1] ?? new Float32Array(this.#across.count * this.#raster.channels);
    this.#kept.set(row, line);
    this.#fill(line, row * this.#raster.columns * this.#raster.channels);
    return line;
  }

  #fill(line: Float32Array, start: number): void {
    const { channels, samples } = this.#raster;
    const { count, most, firsts, weights } = this.#across;
    for (let column = 0, to = 0; column < count; column++) {
      for (let channel = 0; channel < channels; channel++, to++) {
        let at = start + firsts[column]! * channels + channel;
        let sum = 0;
        for (let i = column * most; i < (column + 1) * most; i++, at += channels)
          if (weights[i]! > 0) sum += samples[at]! * weights[i]!;
        line[to] = sum;
      }
    }
  }
}

/** The taps of one axis; `span` below zero runs the other way. */
function taps({ from, span, held }: { from: number; span: number; held: number }, count: number): Taps {
  const step = Math.abs(span) / count;
  const most = step >= 1 ? Math.ceil(step) + 1 : 2;
  const result = { count, most, firsts: new Int32Array(count), weights: new Float32Array(count * most) };
  for (let index = 0; index < count; index++) {
    const to = span < 0 ? count - 1 - index : index;
    const start = from + index * step;
    const weights = result.weights.subarray(to * most, (to + 1) * most);
    result.firsts[to] =
      step >= 1 ? cover(weights, { start, step, held }) : between(weights, start + step / 2 - 0.5, held);
  }
  return result;
}

/** Weights by how much of each pixel from the one returned on lies between `start` and `start + step`. */
function cover(
  weights: Float32Array,
  { start, step, held }: { start: number; step: number; held: number },
): number {
  const first = Math.min(held - 1, Math.floor(start + 1e-9));
  const end = Math.min(held, start + step);
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    const share = Math.min(first + i + 1, end) - Math.max(first + i, start);
    // What rounding alone makes of a pixel is nothing.
    weights[i] = share > 1e-6 ? share : 0;
    sum += weights[i]!;
  }
  if (sum === 0) weights[0] = sum = 1;
  for (let i = 0; i < weights.length; i++) weights[i]! /= sum;
  return first;
}

/** Weights of the two pixels around a place. */
function between(weights: Float32Array, center: number, held: number): number {
  const at = Math.min(held - 1, Math.max(0, center));
  const first = Math.floor(at);
  weights[0] = 1 - (at - first);
  weights[1] = at - first;
  return first;
}
