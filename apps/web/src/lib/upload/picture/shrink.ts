import type { SampledFrame } from './decode-frame.ts';
import type { Look } from './look.ts';

export interface Size {
  width: number;
  height: number;
}

/** The same shape with its longer side at most `side`. */
export function sizeWithin(width: number, height: number, side: number): Size {
  const scale = Math.min(1, side / Math.max(width, height));
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

/** Samples averaged for one pixel of the small picture, in each direction: more is not seen. */
const MOST_STEPS = 4;

/** A small picture of a frame, four bytes a pixel, window applied. Only the samples it is made of are touched. */
export function rgbaOf(
  frame: SampledFrame,
  look: Look,
  { width, height }: Size,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(width * height * 4);
  const means = shrunk(frame, { width, height });
  const grey = frame.samplesPerPixel === 1 ? greyscale(means, look) : null;
  for (let at = 0; at < width * height; at++) {
    const from = at * frame.samplesPerPixel;
    const [red, green, blue] = grey ? [grey(means[at] ?? 0), 0, 0] : coloured(means, from, look);
    pixels[at * 4] = red;
    pixels[at * 4 + 1] = grey ? red : green;
    pixels[at * 4 + 2] = grey ? red : blue;
    pixels[at * 4 + 3] = 255;
  }
  return pixels;
}

function shrunk(frame: SampledFrame, { width, height }: Size): Float32Array {
  const { rows, columns, samplesPerPixel: samples } = frame;
  const means = new Float32Array(width * height * samples);
  for (let y = 0; y < height; y++) {
    const ys = places((y * rows) / height, ((y + 1) * rows) / height);
    for (let x = 0; x < width; x++) {
      const xs = places((x * columns) / width, ((x + 1) * columns) / width);
      for (let sample = 0; sample < samples; sample++) {
        let sum = 0;
        for (const row of ys) for (const column of xs) sum += sampleAt(frame, row * columns + column, sample);
        means[(y * width + x) * samples + sample] = sum / (ys.length * xs.length);
      }
    }
  }
  return means;
}

/** Up to four whole numbers spread between two. */
function places(from: number, to: number): number[] {
  const first = Math.floor(from);
  const count = Math.max(1, Math.min(MOST_STEPS, Math.floor(to) - first));
  return Array.from({ length: count }, (_, i) => first + Math.floor((i * (to - first)) / count));
}

function sampleAt(
  { samples, samplesPerPixel, planar, rows, columns }: SampledFrame,
  pixel: number,
  sample: number,
) {
  return samples[planar ? sample * rows * columns + pixel : pixel * samplesPerPixel + sample] ?? 0;
}

/** The file's own window (PS3.3 C.11.2.1.2); without one, what lies between the darkest and the brightest pixels. */
function greyscale(
  means: Float32Array,
  { slope, intercept, window, inverted }: Look,
): (value: number) => number {
  const sorted = means.toSorted();
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
  const [low, high] = window
    ? [window.centre - window.width / 2, window.centre + window.width / 2].map(
        (value) => (value - intercept) / slope,
      )
    : [at(0.01), at(0.99)];
  const from = low ?? 0;
  const span = (high ?? 1) - from || 1;
  return (value) => {
    const share = Math.min(1, Math.max(0, (value - from) / span));
    return 255 * (inverted ? 1 - share : share);
  };
}

/** YBR_FULL as PS3.3 C.7.6.3.1.2 has it. */
function coloured(means: Float32Array, from: number, { colour }: Look): [number, number, number] {
  const [a = 0, b = 0, c = 0] = means.subarray(from, from + 3);
  if (colour !== 'YBR') return [a, b, c];
  return [a + 1.402 * (c - 128), a - 0.344136 * (b - 128) - 0.714136 * (c - 128), a + 1.772 * (b - 128)];
}
