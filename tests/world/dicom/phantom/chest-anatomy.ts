import type { Shadow } from './projection.ts';
import { ramp } from './slice-canvas.ts';

export type ChestView = 'PA' | 'LATERAL';

/** A chest as shadows, seen from one side; x from the middle of the picture, y from its upper edge. */
export interface ChestAnatomy {
  /** Thickness of the trunk in millimetres. */
  readonly trunk: (x: number, y: number) => number;
  readonly lungs: readonly Shadow[];
  /** What lies in the lungs' way: heart, vessels, liver and stomach below the diaphragm. */
  readonly displacing: readonly Shadow[];
  readonly bones: readonly Shadow[];
  readonly airways: readonly Shadow[];
}

/** Right and left of the patient; the right is on the left of the picture. */
export const SIDES = [-1, 1] as const;

export const frontal: ChestAnatomy = {
  trunk: (x, y) => {
    const aside = Math.abs(x);
    const shoulder = -80 + 96 * ramp(34, 96, aside) + 0.36 * Math.max(0, aside - 70);
    const width = 161 + 62 * ramp(165, 75, y) ** 2 + 4 * Math.sin(y / 60);
    const across = 1 - (x / width) ** 2;
    if (across <= 0 || y < shoulder) return 0;
    const below = Math.min(1, (y - shoulder) / 150);
    return 2 * 98 * Math.sqrt(across) * Math.sqrt(1 - (1 - below) ** 2);
  },
  lungs: [
    { x: -70, y: 214, radiusX: 63, radiusY: 160, depth: 82, turn: 8, bluntness: 1.08 },
    { x: 70, y: 216, radiusX: 62, radiusY: 162, depth: 82, turn: -8, bluntness: 1.08 },
  ],
  displacing: [
    { x: -62, y: 386, radiusX: 73, radiusY: 96, depth: 260 },
    { x: 66, y: 398, radiusX: 70, radiusY: 96, depth: 260 },
    { x: 24, y: 262, radiusX: 68, radiusY: 48, depth: 84, turn: 36 },
    { x: -6, y: 252, radiusX: 37, radiusY: 60, depth: 84, turn: -10 },
    { x: 20, y: 146, radiusX: 19, radiusY: 22, depth: 42 },
    { x: 22, y: 196, radiusX: 22, radiusY: 44, depth: 46, turn: -22 },
    { x: -14, y: 150, radiusX: 19, radiusY: 92, depth: 62 },
    { x: 10, y: 150, radiusX: 22, radiusY: 104, depth: 62 },
    { x: -34, y: 196, radiusX: 14, radiusY: 22, depth: 15, turn: 16 },
    { x: 42, y: 190, radiusX: 13, radiusY: 20, depth: 15, turn: -16 },
  ],
  bones: [
    ...Array.from({ length: 17 }, (_, level) => vertebra(0, 14 + level * 24.5)).flat(),
    ...SIDES.flatMap((side): Shadow[] => [
      { x: side * 166, y: 80, radiusX: 23, radiusY: 24, depth: 11 },
      { x: side * 168, y: 122, radiusX: 10, radiusY: 44, depth: 8, turn: side * -6, bluntness: 1.6 },
      { x: side * 128, y: 124, radiusX: 20, radiusY: 66, depth: 2.6, turn: side * 14, bluntness: 1.2 },
      { x: side * 138, y: 72, radiusX: 24, radiusY: 8, depth: 5, turn: side * 10 },
    ]),
    { x: 0, y: 176, radiusX: 18, radiusY: 92, depth: 2, bluntness: 2 },
  ],
  airways: [
    { x: -1, y: 66, radiusX: 9, radiusY: 108, depth: 8, bluntness: 2 },
    { x: -17, y: 186, radiusX: 7, radiusY: 24, depth: 6, turn: 38 },
    { x: 22, y: 186, radiusX: 6.5, radiusY: 27, depth: 6, turn: -52 },
    { x: 66, y: 346, radiusX: 26, radiusY: 15, depth: 20, turn: -8 },
    { x: 30, y: 398, radiusX: 34, radiusY: 10, depth: 7, turn: 14 },
    { x: 98, y: 380, radiusX: 16, radiusY: 24, depth: 9, turn: -20 },
  ],
};

export const lateral: ChestAnatomy = {
  trunk: (x, y) => {
    const front = 114 - 46 * ramp(150, 20, y) ** 1.4;
    const back = 122 - 30 * ramp(130, 10, y) - 12 * ramp(250, 420, y);
    const along = (x + 2) / (x < -2 ? front : back);
    if (Math.abs(along) >= 1) return 0;
    return (232 + 70 * ramp(120, 40, y)) * Math.sqrt(1 - Math.abs(along) ** 2.4);
  },
  lungs: [
    { x: -6, y: 208, radiusX: 88, radiusY: 164, depth: 54, turn: 4, bluntness: 1.15 },
    { x: 2, y: 212, radiusX: 90, radiusY: 168, depth: 54, turn: 4, bluntness: 1.15 },
  ],
  displacing: [
    { x: -30, y: 398, radiusX: 112, radiusY: 104, depth: 110, turn: 18 },
    { x: -24, y: 408, radiusX: 108, radiusY: 104, depth: 110, turn: 20 },
    { x: -40, y: 258, radiusX: 46, radiusY: 66, depth: 38, turn: -28 },
    { x: -22, y: 172, radiusX: 26, radiusY: 40, depth: 17, turn: -24 },
    { x: 6, y: 138, radiusX: 28, radiusY: 26, depth: 13 },
    { x: 36, y: 222, radiusX: 14, radiusY: 120, depth: 9, turn: -5 },
    { x: 0, y: 198, radiusX: 20, radiusY: 17, depth: 15 },
    { x: -6, y: 62, radiusX: 82, radiusY: 62, depth: 38 },
  ],
  bones: [
    ...Array.from({ length: 17 }, (_, level) => {
      const y = 14 + level * 24.5;
      return {
        x: 62 + spineCurve(y),
        y,
        radiusX: 16,
        radiusY: 10.6,
        depth: 8,
        turn: (y - 210) * -0.06,
        bluntness: 2.4,
      };
    }),
    ...Array.from({ length: 16 }, (_, level) => {
      const y = 30 + level * 24.5;
      return { x: 90 + spineCurve(y), y, radiusX: 14, radiusY: 5, depth: 4.5, turn: 38, bluntness: 1.3 };
    }),
    { x: -88, y: 172, radiusX: 5.5, radiusY: 70, depth: 8, turn: 10, bluntness: 2 },
    { x: -66, y: 96, radiusX: 6, radiusY: 24, depth: 8, turn: 22, bluntness: 2 },
    { x: 84, y: 136, radiusX: 4, radiusY: 56, depth: 6, turn: -12, bluntness: 1.4 },
    { x: 74, y: 130, radiusX: 4, radiusY: 54, depth: 5, turn: -10, bluntness: 1.4 },
  ],
  airways: [
    { x: 8, y: 96, radiusX: 8.5, radiusY: 96, depth: 10, turn: -6, bluntness: 2 },
    { x: 16, y: 190, radiusX: 7, radiusY: 7, depth: 10 },
    { x: -62, y: 352, radiusX: 24, radiusY: 12, depth: 14, turn: 10 },
  ],
};

function spineCurve(y: number): number {
  return 20 * Math.sin(((y - 20) / 400) * Math.PI) - 6;
}

/** Body, pedicles and spinous process of a vertebra seen from behind. */
function vertebra(x: number, y: number): Shadow[] {
  return [
    { x, y, radiusX: 17.5, radiusY: 10.6, depth: 5, bluntness: 2.2 },
    { x: x - 11.5, y: y - 3, radiusX: 3.4, radiusY: 5, depth: 2.4 },
    { x: x + 11.5, y: y - 3, radiusX: 3.4, radiusY: 5, depth: 2.4 },
    { x, y: y + 9, radiusX: 2.6, radiusY: 8, depth: 3.4 },
  ];
}
