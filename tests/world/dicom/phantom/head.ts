import { HU, innerBrain } from './brain.ts';
import { FIELD_SIDE, sampleAt, smoothField } from './field.ts';
import { beyondTheOutline, skullBase } from './skull-base.ts';
import { SliceCanvas, ramp } from './slice-canvas.ts';
import { brain, covering, depthUnder, outlineAt, skullAt } from './vault.ts';
import type { Place } from './vault.ts';

/** Millimetres from the lowest to the highest slice; the vertex lies just below the top. */
export const HEAD_HEIGHT = 144;
/** Millimetres across the picture. */
export const HEAD_FIELD_OF_VIEW = 226;
const GYRUS_PERIOD = 56;
/** Millimetres from the plane the anatomy is measured from to the lowest slice. */
const LOWEST = 12;
const TILT = 0.035;

/** A head to cut slices from. Making one costs some tens of milliseconds, each slice a few. */
export class Head {
  readonly #side: number;
  readonly #background: Float32Array;
  readonly #angles: Int16Array;
  readonly #wobble: Float32Array;
  readonly #gyri: readonly [Float32Array, Float32Array];
  readonly #texture: Float32Array;
  readonly #noise: Float32Array;

  /** @param side pixels along a row and a column */
  constructor(seed: string, side: number) {
    this.#side = side;
    this.#wobble = smoothField(`${seed}/wobble`, 22);
    this.#gyri = [smoothField(`${seed}/gyri a`, 5), smoothField(`${seed}/gyri b`, 5)];
    this.#texture = smoothField(`${seed}/texture`, 2);
    this.#noise = smoothField(`${seed}/noise`, 1);
    this.#background = airAndHeadrest(side);
    this.#angles = anglesAboutTheMiddle(side);
  }

  /**
   * Hounsfield units of the slice `z` millimetres above the lowest, row by row from the front, without noise above
   * what a scanner adds.
   */
  slice(z: number): Float32Array {
    const background = this.#background;
    const canvas = new SliceCanvas({
      z: z + LOWEST,
      tilt: TILT,
      fieldOfView: HEAD_FIELD_OF_VIEW,
      background,
      texture: this.#texture,
    });
    canvas.paint(beyondTheOutline);
    this.#paintVault(canvas);
    canvas.paint(innerBrain);
    canvas.paint(skullBase);
    this.#addNoise(canvas);
    return canvas.hounsfield;
  }

  #paintVault(canvas: SliceCanvas): void {
    const outline = outlineAt(canvas.z);
    const folds = this.#foldsAt(canvas.z);
    const [straight, skewed] = [Math.cos(TILT), Math.sin(TILT)];
    const [first, last] = canvas.span(outline.halfLength + 8);
    const [left, right] = canvas.span(outline.halfWidth + 8);
    for (let row = first; row <= last; row++) {
      const down = canvas.millimetres(row);
      for (let column = left; column <= right; column++) {
        const across = canvas.millimetres(column);
        const place = {
          x: across * straight + down * skewed,
          y: down * straight - across * skewed,
          z: canvas.z,
        };
        const depth = depthUnder(outline, place.x, place.y);
        if (depth < -0.5) continue;
        const index = row * canvas.side + column;
        const value = this.#tissue(place, { depth, index, folds });
        canvas.hounsfield[index] = depth < 0.5 ? HU.air + (value - HU.air) * (depth + 0.5) : value;
      }
    }
  }

  #tissue(place: Place, at: { depth: number; index: number; folds: Float32Array }): number {
    const around = this.#angles[at.index] ?? 0;
    const wobble = sampleAt(this.#wobble, around, place.z | 0);
    const skull = skullAt(place, wobble);
    const depth = at.depth - skull.inner;
    if (depth < 0)
      return covering(at.depth, skull, sampleAt(this.#texture, at.index % this.#side, place.y * 2));
    return brain(place, depth, sampleAt(at.folds, around, depth * 0.62 + wobble * 4 + 20));
  }

  /** The folds of a slice: a row of samples around the head for every step inward. They change smoothly with z. */
  #foldsAt(z: number): Float32Array {
    const turn = (z / GYRUS_PERIOD) * 2 * Math.PI;
    const [a, b] = this.#gyri;
    const [cosine, sine] = [Math.cos(turn), Math.sin(turn)];
    const folds = new Float32Array(a.length);
    for (let index = 0; index < 100 * FIELD_SIDE; index++)
      folds[index] = cosine * (a[index] ?? 0) + sine * (b[index] ?? 0);
    return folds;
  }

  #addNoise({ hounsfield, side, z }: SliceCanvas): void {
    const shift = Math.imul(Math.round(z * 100), 2_654_435);
    const strength = 2.9 + 1.6 * ramp(50, 15, z);
    for (let row = 0; row < side; row++) {
      for (let column = 0; column < side; column++) {
        const index = row * side + column;
        const noise = sampleAt(this.#noise, column + (shift >>> 9), row + (shift & 511));
        hounsfield[index] = (hounsfield[index] ?? 0) + noise * strength;
      }
    }
  }
}

/** For every pixel its direction from the middle, in samples of a field that goes once around. */
function anglesAboutTheMiddle(side: number): Int16Array {
  const middle = side / 2 - 0.5;
  return Int16Array.from({ length: side * side }, (_, index) =>
    Math.round(
      Math.atan2((index % side) - middle, Math.floor(index / side) - middle) * (FIELD_SIDE / (2 * Math.PI)),
    ),
  );
}

/** Air, and the cushion and shell of the headrest, the same in every slice. */
function airAndHeadrest(side: number): Float32Array {
  const pixelSize = HEAD_FIELD_OF_VIEW / side;
  return Float32Array.from({ length: side * side }, (_, index) => {
    const x = ((index % side) + 0.5 - side / 2) * pixelSize;
    const y = (Math.floor(index / side) + 0.5 - side / 2) * pixelSize;
    const shell = Math.abs(Math.hypot(x, y + 2) - 107);
    if (y < 45 || shell > 6) return HU.air;
    return HU.air + 960 * ramp(1.6, 0.8, shell) + 90 * ramp(6, 5, shell);
  });
}
