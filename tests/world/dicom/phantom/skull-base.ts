import { HU } from './brain.ts';
import type { Ellipsoid } from './slice-canvas.ts';

const { air, bone, fat, muscle } = HU;
const cells = { hounsfield: -420, texture: 560 };

/** Sphenoid wings and petrous pyramids, the X of a low slice, with clivus and mastoids. */
const fossae: readonly Ellipsoid[] = [
  { at: [40, -44, 30], radii: [27, 4, 18], turn: -22, hounsfield: bone, texture: 120, paired: true },
  { at: [0, -32, 26], radii: [19, 15, 17], hounsfield: 700, texture: 160 },
  { at: [0, -12, 24], radii: [11, 8, 18], hounsfield: 750, texture: 160 },
  { at: [34, 7, 23], radii: [29, 8, 11], turn: 33, hounsfield: bone + 150, texture: 220, paired: true },
  { at: [59, 22, 18], radii: [13, 17, 18], turn: 12, hounsfield: 620, texture: 260, paired: true },
  { at: [58, 24, 17], radii: [9.5, 12, 14], turn: 12, ...cells, paired: true },
  { at: [45, 10, 22], radii: [5, 3, 5], turn: 33, hounsfield: -500, texture: 500, paired: true },
  { at: [23, 3, 24], radii: [5.5, 1.6, 3], turn: 4, hounsfield: 20, paired: true },
  { at: [64, 4, 17], radii: [14, 3.2, 4], turn: -4, hounsfield: air, paired: true },
];

const sinuses: readonly Ellipsoid[] = [
  { at: [8, -34, 27], radii: [8.5, 10, 11], hounsfield: air, paired: true },
  { at: [6, -63, 26], radii: [7, 23, 15], hounsfield: 350, texture: 200, paired: true },
  { at: [6, -63, 26], radii: [5.6, 21, 14], hounsfield: -600, texture: 430, paired: true },
  { at: [9, -84, 50], radii: [8.5, 3.6, 12], turn: 10, hounsfield: air, paired: true },
  { at: [30, -60, 4], radii: [17, 20, 15], turn: -10, hounsfield: 700, texture: 100, paired: true },
  { at: [30, -60, 4], radii: [15, 18, 13], turn: -10, hounsfield: air, paired: true },
];

/** Bony wall, fat, muscles, optic nerve, globe and lens, from the outside in. */
const orbits: readonly Ellipsoid[] = [
  { at: [30, -62, 25], radii: [20.5, 29, 19], turn: 22, hounsfield: 800, texture: 100, paired: true },
  { at: [32, -83, 25], radii: [20, 13, 17], turn: 14, hounsfield: HU.skin, edge: 2, paired: true },
  {
    at: [31.5, -65, 25],
    radii: [18, 29, 17],
    turn: 22,
    hounsfield: fat,
    texture: 6,
    edge: 1.5,
    paired: true,
  },
  { at: [20.5, -63, 25], radii: [2, 15, 6], turn: 10, hounsfield: muscle, edge: 1.5, paired: true },
  { at: [40, -61, 25], radii: [1.8, 15, 6], turn: 32, hounsfield: muscle, edge: 1.5, paired: true },
  { at: [28, -56, 25], radii: [2, 15, 2.6], turn: 24, hounsfield: 34, edge: 1.5, paired: true },
  { at: [31, -64, 39], radii: [6, 15, 4], turn: 18, hounsfield: muscle, edge: 1.5, paired: true },
  { at: [33, -77, 25], radii: [12.6, 12.6, 12.6], hounsfield: 44, paired: true },
  { at: [33, -77, 25], radii: [11.2, 11.2, 11.2], hounsfield: 12, paired: true },
  { at: [33.5, -85.5, 25], radii: [4.8, 2.2, 4.8], hounsfield: 78, paired: true },
];

/** Outside the head's outline: nose and ears. Painted first, so that the head covers their roots. */
export const beyondTheOutline: readonly Ellipsoid[] = [
  { at: [0, -92, 14], radii: [11, 15, 24], hounsfield: HU.skin },
  { at: [0, -92, 8], radii: [6, 8, 16], hounsfield: fat },
  { at: [77, 17, 20], radii: [3, 17, 28], turn: -24, hounsfield: HU.skin, paired: true },
  { at: [79, 15, 18], radii: [1.8, 9, 18], turn: -24, hounsfield: air, paired: true },
];

const face: readonly Ellipsoid[] = [
  { at: [0, -68, 6], radii: [58, 42, 17], hounsfield: muscle, texture: 12, edge: 2 },
  { at: [0, -62, 6], radii: [13, 30, 15], hounsfield: 300, texture: 200 },
  { at: [6.5, -62, 6], radii: [5, 27, 14], hounsfield: air, paired: true },
  { at: [8, -58, 6], radii: [2.4, 17, 12], hounsfield: HU.skin, paired: true },
  { at: [0, -90, 22], radii: [5, 7, 14], hounsfield: 600, texture: 100 },
  { at: [60, -38, 12], radii: [6, 22, 30], turn: 16, hounsfield: muscle, texture: 4, edge: 2, paired: true },
  { at: [57, -62, 12], radii: [3.2, 15, 10], turn: 40, hounsfield: bone, paired: true },
];

/** Dark streaks where the pyramids have hardened the beam. */
const hardening: readonly Ellipsoid[] = [
  { at: [0, 8, 23], radii: [26, 6, 8], hounsfield: 4, texture: 10, edge: 8, cover: 0.5 },
];

export const skullBase: readonly Ellipsoid[] = [...hardening, ...face, ...fossae, ...orbits, ...sinuses];
