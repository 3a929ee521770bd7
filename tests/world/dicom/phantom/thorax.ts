import { SIDES } from './chest-anatomy.ts';
import type { ChestView } from './chest-anatomy.ts';
import { growVessels } from './projection.ts';
import type { Projection } from './projection.ts';
import { ramp } from './slice-canvas.ts';

/** Ten pairs of ribs and, seen from the front, the clavicles. */
export function addRibs(bones: Projection, view: ChestView): void {
  for (let rib = 1; rib <= 10; rib++) {
    if (view === 'PA') for (const side of SIDES) addFrontalRib(bones, side, rib);
    else for (const offset of [0, 9]) addLateralRib(bones, rib, offset);
  }
  if (view !== 'PA') return;
  for (const side of SIDES) {
    const y = (x: number) => 82 - 32 * ramp(10, 125, Math.abs(x)) + 5 * Math.sin(Math.abs(x) / 19);
    bones.addPipe({ from: side * 12, to: side * 142, y, radius: 6.2, strength: 2 });
  }
}

/** Behind, a rib runs outwards and down; in front, back inwards and steeper down, ending where cartilage begins. */
function addFrontalRib(bones: Projection, side: 1 | -1, rib: number): void {
  const top = 38 + rib * 25.5 - 0.5 * rib * rib;
  const width = 138 - 78 * Math.exp(-rib / 2.1);
  const behind = (x: number) => {
    const out = Math.min(1, Math.abs(x) / width);
    return top - 12 * Math.sin(out * Math.PI * 0.8) + 46 * (1 - Math.sqrt(1 - out * out * 0.965)) + 16 * out;
  };
  const front = (x: number) => {
    const out = Math.min(1, Math.abs(x) / width);
    return top + 62 + 52 * Math.sqrt(1 - out * out * 0.965) - 6 * out;
  };
  const radius = rib === 1 ? 6.6 : 6;
  bones.addPipe({ from: side * 19, to: side * (width - 0.6), y: behind, radius, strength: 1.5 });
  if (rib <= 7)
    bones.addPipe({
      from: side * (30 + rib * 6),
      to: side * (width - 0.6),
      y: front,
      radius: radius * 1.05,
      strength: 1,
    });
}

function addLateralRib(bones: Projection, rib: number, offset: number): void {
  const y = (x: number) => 34 + rib * 24 + offset + (78 - x) * 0.42 + 0.0022 * (x + 10) ** 2;
  bones.addPipe({ from: -70 + rib * 4 + offset, to: 88 - offset * 0.4, y, radius: 5.4, strength: 0.85 });
}

/** Both trees of the lungs, fanned out from hila some centimetres tall. */
export function growLungVessels(vessels: Projection, view: ChestView, seed: string): void {
  for (const side of SIDES) {
    for (const [branch, spread] of [-84, -58, -34, -10, 14, 38, 62, 84].entries()) {
      const tree = {
        seed: `${seed}/${view}/${side}/${branch}`,
        radius: 4.2 - (branch % 3) * 0.6,
        length: 30,
      };
      const lower = spread * 0.2;
      if (view === 'PA') {
        const direction = side === 1 ? spread : 180 - spread;
        growVessels(vessels, { ...tree, root: [side * (30 + (branch % 2) * 5), 190 + lower], direction });
      } else {
        growVessels(vessels, {
          ...tree,
          root: [2 + (spread * side) / 9, 192 + (branch % 3) * 4],
          direction: 90 - side * (spread + 90),
        });
      }
    }
  }
}

/** The lead letter that tells the sides apart: L on the patient's left, the right of a frontal picture. */
export function addMarker(bones: Projection, view: ChestView): void {
  const x = view === 'PA' ? 158 : -150;
  for (let layer = 0; layer < 24; layer++) {
    bones.addRod([x, 22], [x, 39], 1.4);
    bones.addRod([x - 1, 38], [x + 9, 38], 1.4);
  }
}
