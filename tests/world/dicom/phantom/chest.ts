import { frontal, lateral } from './chest-anatomy.ts';
import type { ChestView } from './chest-anatomy.ts';
import { FIELD_SIDE, sampleAt, smoothField } from './field.ts';
import { Projection } from './projection.ts';
import { addMarker, addRibs, growLungVessels } from './thorax.ts';

/** Millimetres across the detector; 1400 × 1700 pixels of a quarter of a millimetre. */
const CHEST_WIDTH = 350;

/** Part of the beam's way through lung that air saves it, and what bone and filled vessels add to it. */
const AIR_IN_LUNG = 0.78;
const BONE_OVER_WATER = 1.5;
const WIDEST_HILUM = 15;

interface Picture {
  readonly columns: number;
  readonly rows: number;
}

/**
 * A chest radiograph for presentation, 12 bits, dense is bright: beams through a body of water, air and bone,
 * film-like tone, and the noise of a good exposure.
 */
export function chestPicture(view: ChestView, seed: string, picture: Picture): Uint16Array {
  const half = { columns: picture.columns >> 1, rows: picture.rows >> 1 };
  return exposed({ ...half, water: waterBehind(view, seed, half) }, seed, picture);
}

function waterBehind(view: ChestView, seed: string, { columns, rows }: Picture): Float32Array {
  const anatomy = view === 'PA' ? frontal : lateral;
  const canvas = () => new Projection(columns, rows, CHEST_WIDTH / columns);
  const [body, lungs, organs, bones, vessels] = [canvas(), canvas(), canvas(), canvas(), canvas()];
  body.fill(anatomy.trunk);
  body.add(anatomy.airways.map((airway) => ({ ...airway, depth: -airway.depth })));
  lungs.add(anatomy.lungs);
  organs.add(anatomy.displacing);
  bones.add(anatomy.bones);
  addRibs(bones, view);
  addMarker(bones, view);
  growLungVessels(vessels, view, seed);
  const parenchyma = smoothField(`${seed}/parenchyma`, 2);
  return body.water.map((trunk, index) => {
    const texture =
      parenchyma[(Math.floor(index / columns) * FIELD_SIDE + (index % columns)) % parenchyma.length] ?? 0;
    const lung = Math.min(Math.max(0, (lungs.water[index] ?? 0) - (organs.water[index] ?? 0)), trunk * 0.86);
    const vessel = Math.min(vessels.water[index] ?? 0, lung, WIDEST_HILUM);
    return (
      trunk - (AIR_IN_LUNG - 0.012 * texture) * lung + BONE_OVER_WATER * (vessel + (bones.water[index] ?? 0))
    );
  });
}

/** The picture is twice as fine as the water was computed: bilinear, with tone and noise. */
function exposed(
  coarse: Picture & { water: Float32Array },
  seed: string,
  { columns, rows }: Picture,
): Uint16Array {
  const grain = smoothField(`${seed}/grain`, 1);
  const picture = new Uint16Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    const upper = Math.min(row >> 1, coarse.rows - 1) * coarse.columns;
    const lower = row & 1 ? Math.min((row >> 1) + 1, coarse.rows - 1) * coarse.columns : upper;
    for (let column = 0; column < columns; column++) {
      const left = Math.min(column >> 1, coarse.columns - 1);
      const right = column & 1 ? Math.min(left + 1, coarse.columns - 1) : left;
      const { water } = coarse;
      const sum =
        (water[upper + left] ?? 0) +
        (water[upper + right] ?? 0) +
        (water[lower + left] ?? 0) +
        (water[lower + right] ?? 0);
      const noise = sampleAt(grain, column, row + (column >> 9) * 131) * (10 + sum * 0.0175);
      picture[row * columns + column] = Math.min(Math.max(tone(sum / 4) + noise, 0), 4095);
    }
  }
  return picture;
}

/** Millimetres of water to 12 bits: dark air, lungs in the lower middle, mediastinum and bone in the upper part. */
function tone(water: number): number {
  const density = 1 / (1 + Math.exp((122 - water) / 40));
  return 90 + 3927 * (density - 0.045);
}
