import { HU } from './brain.ts';
import { ramp } from './slice-canvas.ts';

/** Millimetres, as in `Point`. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** The skin of one slice: an egg, in millimetres. */
export interface Outline {
  readonly halfWidth: number;
  readonly halfLength: number;
  readonly middle: number;
  /** Cosine of the angle at which the slice cuts the skull. */
  readonly steepness: number;
}

/** Widest a hand's breadth above the ears, closing to the vertex like half an ellipsoid. */
export function outlineAt(z: number): Outline {
  const up = (z - 68) / 84;
  const size = up > 0 ? Math.sqrt(Math.max(0, 1 - up * up)) : 1 - 0.055 * up * up;
  return {
    halfWidth: 77 * size,
    halfLength: 97 * size,
    middle: up > 0 ? 4 * up : 0,
    steepness: Math.max(0.4, up > 0 ? size : 1),
  };
}

/** Millimetres below the skin, measured towards the middle; the back of the head is wider than the forehead. */
export function depthUnder(outline: Outline, x: number, y: number): number {
  const backwards = (y - outline.middle) / outline.halfLength;
  if (backwards > 1.02 || backwards < -1.02) return -1;
  const sideways = x / (outline.halfWidth * (0.97 + 0.07 * backwards - 0.05 * backwards * backwards));
  const square = sideways * sideways + backwards * backwards;
  if (square > 1.1) return -1;
  const reach = Math.sqrt(square);
  const distance = Math.sqrt(x * x + (y - outline.middle) * (y - outline.middle));
  return reach < 0.01 ? outline.halfWidth : (distance / reach - distance) * outline.steepness;
}

export interface Skull {
  readonly outer: number;
  readonly inner: number;
}

/** Scalp and bone thickness in millimetres; thicker along the midline and at the base, thin at the temples. */
export function skullAt({ x, y, z }: Place, wobble: number): Skull {
  const midline = bump((x * x) / 90);
  const temple = ramp(45, 68, Math.abs(x)) * ramp(30, -10, y) * ramp(75, 45, z);
  const outer = 5.2 + 0.5 * wobble + 4 * temple + 2 * ramp(30, 5, z) * ramp(10, 60, y);
  const thickness = 6.6 + 0.9 * wobble + midline * (1.5 + 3 * ramp(70, 35, z)) - 2.4 * temple;
  return { outer, inner: outer + thickness };
}

/** Skin, fat, muscle, and the three layers of the vault. */
export function covering(depth: number, { outer, inner }: Skull, texture: number): number {
  if (depth < 2) return HU.skin;
  if (depth < outer - 0.6) return depth > 6 ? HU.muscle : HU.fat + 25 * texture * 0.4;
  const table = Math.max(1 - Math.abs(depth - outer - 1.1) / 1.5, 1 - Math.abs(inner - 1 - depth) / 1.5, 0);
  const diploe = Math.max(250, 560 + 130 * texture);
  const value = diploe + (1280 - diploe) * Math.min(1, table * 1.5);
  return value * ramp(outer - 0.6, outer + 0.4, depth) + HU.csf * ramp(inner - 0.5, inner, depth);
}

/** Cortex, sulci and white matter of the hemispheres; the finer folds of the cerebellum below the tentorium. */
export function brain({ x, y, z }: Place, depth: number, gyrus: number): number {
  const aside = Math.abs(x);
  const below = ramp(57, 50, z + (y - 25) * 0.1) * ramp(6, 12, y - 0.32 * aside);
  const fissure = ramp(68, 80, z) * ramp(18, 30, Math.max(Math.abs(y) - 8, (z - 92) * 1.6));
  const edge = Math.min(depth, 30 - (30 - aside) * fissure);
  const shallow = ramp(25, 9, edge) * (1 - below);
  const base = ramp(50, 40, z);
  const fold = gyrus * gyrus;
  const cortex = Math.max(ramp(6.5, 3.5, edge), 0.95 * shallow * bump(fold * 1.7));
  const sulcus = Math.max(0.7 * shallow * ramp(22, 14, edge) * bump(fold * 26), 0.75 * ramp(1.8, 0.6, depth));
  let value =
    HU.white +
    (HU.grey - HU.white) * Math.max(cortex, 0.45 * Math.max(below, base)) -
    (below && below * 1.5 * Math.cos(depth * 2.4));
  value += (HU.csf - value) * sulcus;
  return midline(value, { aside, y, fissure, depth });
}

/** Falls from 1 like e^-x; that close is enough for anatomy, and it is asked for at every pixel. */
function bump(x: number): number {
  return 1 / (1 + x + 0.6 * x * x);
}

/** Falx between two films of water, and the sagittal sinus behind it. */
function midline(value: number, at: { aside: number; y: number; fissure: number; depth: number }): number {
  if (at.aside > 6 || at.fissure === 0) return value;
  const water = 0.55 * at.fissure * ramp(3.2, 1.4, at.aside);
  const falx = at.fissure * ramp(1.3, 0.5, at.aside);
  const sinus = at.y > 0 ? ramp(9, 6, at.depth + at.aside * 1.6) : 0;
  const wet = value + (HU.csf - value) * water;
  return wet + (58 - wet) * Math.max(falx, sinus);
}
