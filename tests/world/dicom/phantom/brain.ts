import type { Ellipsoid } from './slice-canvas.ts';

/** Hounsfield units of an unenhanced head, as textbooks of CT give them. */
export const HU = {
  air: -1000,
  fat: -85,
  csf: 7,
  white: 25,
  grey: 38,
  blood: 64,
  muscle: 52,
  skin: 35,
  bone: 950,
};

const { csf, grey, white } = HU;

/** Basal ganglia and thalami; the internal capsule is the white matter they leave between them. */
const deepGrey: readonly Ellipsoid[] = [
  { at: [15, -25, 74], radii: [5.5, 10, 13], turn: -14, hounsfield: grey, edge: 2, paired: true },
  { at: [26, -10, 68], radii: [7, 17, 12], turn: -18, hounsfield: grey - 1, edge: 3, paired: true },
  { at: [10, 9, 70], radii: [8.5, 14, 11], turn: 22, hounsfield: grey - 1, edge: 3, paired: true },
  { at: [37, -6, 68], radii: [1.6, 16, 13], turn: -8, hounsfield: grey, edge: 2, paired: true },
];

const ventricles: readonly Ellipsoid[] = [
  { at: [9.5, -30, 79], radii: [4, 13.5, 14], turn: -22, hounsfield: csf, edge: 1.6, paired: true },
  { at: [9, -8, 90], radii: [5, 22, 9], turn: 3, hounsfield: csf, edge: 1.8, paired: true },
  { at: [16, 17, 87], radii: [5.6, 20, 9], turn: -22, hounsfield: csf, edge: 1.8, paired: true },
  { at: [24, 33, 78], radii: [4.6, 13, 12], turn: -16, hounsfield: csf, edge: 1.8, paired: true },
  { at: [27, 49, 74], radii: [2.6, 10, 7], turn: 8, hounsfield: csf, edge: 1.8, paired: true },
  { at: [31, 2, 50], radii: [2, 9, 7], turn: -24, hounsfield: csf, edge: 1.5, paired: true },
  { at: [0, 2, 66], radii: [2, 11, 11], hounsfield: csf, edge: 1.5 },
  { at: [0, 26, 32], radii: [8, 5, 9], hounsfield: csf, edge: 1.8 },
];

/** The water around midbrain and sella, and the Sylvian fissures. */
const cisterns: readonly Ellipsoid[] = [
  { at: [0, -13, 48], radii: [12, 9, 8], hounsfield: csf, edge: 3, cover: 0.9 },
  { at: [13, -22, 48], radii: [12, 3, 6], turn: 24, hounsfield: csf, edge: 2.5, cover: 0.8, paired: true },
  { at: [0, 10, 52], radii: [20, 18, 10], hounsfield: csf, edge: 3, cover: 0.75 },
  { at: [0, 23, 59], radii: [13, 6, 8], hounsfield: csf, edge: 3, cover: 0.9 },
  { at: [0, 11, 52], radii: [16.5, 14, 12], hounsfield: 32, edge: 2 },
  { at: [0, 0, 51], radii: [4, 4, 6], hounsfield: csf, edge: 2.5, cover: 0.8 },
  { at: [0, -4, 34], radii: [15, 3.2, 10], hounsfield: csf, edge: 2.5, cover: 0.8 },
  { at: [18, 12, 32], radii: [5, 4, 8], turn: 30, hounsfield: csf, edge: 2.5, cover: 0.7, paired: true },
  { at: [50, -13, 62], radii: [13, 2.4, 13], turn: 22, hounsfield: csf, edge: 2.5, cover: 0.8, paired: true },
  { at: [42, 2, 68], radii: [2, 16, 12], turn: -12, hounsfield: csf, edge: 2.4, cover: 0.75, paired: true },
  { at: [54, 8, 72], radii: [11, 2, 8], turn: -16, hounsfield: csf, edge: 2.4, cover: 0.7, paired: true },
];

/** What calcifies with age in most adults. */
const calcifications: readonly Ellipsoid[] = [
  { at: [0.6, 26, 67], radii: [2.2, 2.6, 3], hounsfield: 170, edge: 1.2 },
  {
    at: [23, 36, 76],
    radii: [2.4, 4, 3.5],
    turn: -16,
    hounsfield: 120,
    texture: 40,
    edge: 1.5,
    paired: true,
  },
];

/** A small bleed in the right putamen with a rim of oedema: what somebody was sent for. */
const lesion: readonly Ellipsoid[] = [
  { at: [-30, -7, 71], radii: [11, 15, 10], turn: 14, hounsfield: 19, texture: 2, edge: 6, cover: 0.85 },
  { at: [-29.5, -6, 71], radii: [5.2, 8.5, 6], turn: 18, hounsfield: HU.blood, texture: 3, edge: 2.2 },
];

const brainstem: readonly Ellipsoid[] = [
  { at: [0, 9, 34], radii: [15, 12, 14], hounsfield: 30, edge: 3 },
  { at: [0, 14, 12], radii: [9, 8, 14], hounsfield: 30, edge: 2.5 },
  { at: [22, 16, 30], radii: [12, 5, 7], turn: 38, hounsfield: white, edge: 3, paired: true },
];

/** Painted over the two hemispheres in this order. */
export const innerBrain: readonly Ellipsoid[] = [
  ...deepGrey,
  ...brainstem,
  ...cisterns,
  ...ventricles,
  ...calcifications,
  ...lesion,
];
