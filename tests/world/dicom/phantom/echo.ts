import { randomFrom, sampleAt, smoothField } from './field.ts';

/** Pixels of an ultrasound picture. */
export interface EchoPicture {
  readonly columns: number;
  readonly rows: number;
  readonly frames: number;
}

/** Where the fan begins on the picture and how it is scaled, in pixels and degrees. */
export interface Fan {
  readonly apexX: number;
  readonly apexY: number;
  /** Pixels from the apex to the greatest depth. */
  readonly radius: number;
  readonly halfAngle: number;
  /** Centimetres from the apex to the greatest depth. */
  readonly depth: number;
}

export function fanOf({ columns, rows }: { columns: number; rows: number }): Fan {
  return { apexX: columns * 0.48, apexY: rows * 0.06, radius: rows * 0.88, halfAngle: 40, depth: 16 };
}

interface Chamber {
  /** Centimetres from the apex of the fan, to the right and down, at rest. */
  readonly x: number;
  readonly y: number;
  readonly radiusX: number;
  readonly radiusY: number;
  /** Degrees, clockwise. */
  readonly turn: number;
  /** Part of its size a chamber loses in systole; the atria fill while the ventricles empty. */
  readonly squeeze: number;
}

/** An apical four-chamber view, the left heart on the right of the picture. */
const CHAMBERS: readonly Chamber[] = [
  { x: 1.55, y: 6.9, radiusX: 2.05, radiusY: 4.1, turn: 4, squeeze: 0.28 },
  { x: -2.1, y: 7.9, radiusX: 1.5, radiusY: 3.1, turn: -12, squeeze: 0.22 },
  { x: 1.75, y: 12.75, radiusX: 1.9, radiusY: 2.15, turn: 0, squeeze: -0.1 },
  { x: -2.1, y: 12.55, radiusX: 1.8, radiusY: 2.05, turn: 0, squeeze: -0.1 },
];

/** Frames of a beating heart in a fan of speckle, 8 bits, one after the other; the last leads back to the first. */
export function echoFrames(seed: string, picture: EchoPicture): Uint8Array {
  const fan = fanOf(picture);
  const view = polarView(picture, fan);
  const speckle = smoothField(`${seed}/speckle`, 1);
  const tissue = smoothField(`${seed}/tissue`, 14);
  const size = picture.columns * picture.rows;
  const pixels = new Uint8Array(size * picture.frames);
  for (let frame = 0; frame < picture.frames; frame++) {
    const beat = contraction(frame / picture.frames);
    const chambers = CHAMBERS.map((chamber) => squeezed(chamber, beat));
    const flicker = randomFrom(`${seed}/${frame}`);
    const jitter = Math.floor(flicker() * 3);
    for (const [index, radius, angle, x, y] of view) {
      const echo = echoAt({ x, y, radius }, chambers, beat) * (1 + 0.22 * sampleAt(tissue, x * 24, y * 24));
      const grain = sampleAt(speckle, angle * 4 + jitter, radius * 22 + beat * 9);
      pixels[frame * size + index] = compressed(echo, grain, flicker());
    }
    annotate(pixels.subarray(frame * size, (frame + 1) * size), picture, fan);
  }
  return pixels;
}

/** Pixel index, centimetres from the apex, degrees from the middle, and centimetres right and down. */
type PolarPixel = readonly [index: number, radius: number, angle: number, x: number, y: number];

function polarView({ columns, rows }: EchoPicture, fan: Fan): PolarPixel[] {
  const scale = fan.depth / fan.radius;
  const inside: PolarPixel[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [x, y] = [(column - fan.apexX) * scale, (row - fan.apexY) * scale];
      const radius = Math.hypot(x, y);
      const angle = (Math.atan2(x, y) * 180) / Math.PI;
      if (radius > 0.35 && radius < fan.depth && Math.abs(angle) < fan.halfAngle) {
        inside.push([row * columns + column, radius, angle, x, y]);
      }
    }
  }
  return inside;
}

/** 0 at rest to 1 in full systole: quick to empty, a pause, slow to fill, a kick of the atria. */
function contraction(phase: number): number {
  if (phase < 0.36) return Math.sin((phase / 0.36) * (Math.PI / 2)) ** 2;
  if (phase < 0.62) return Math.cos(((phase - 0.36) / 0.26) * (Math.PI / 2)) ** 2 * 0.82 + 0.18;
  return 0.18 * Math.cos(((phase - 0.62) / 0.38) * (Math.PI / 2));
}

function squeezed(chamber: Chamber, beat: number): Chamber {
  const size = 1 - chamber.squeeze * beat;
  const longways = 1 - chamber.squeeze * beat * 0.45;
  const base = chamber.squeeze > 0 ? -0.3 * beat : -0.5 * beat;
  return {
    ...chamber,
    y: chamber.y + base,
    radiusX: chamber.radiusX * size,
    radiusY: chamber.radiusY * longways,
  };
}

interface Spot {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** Echo strength: blood is dark, endocardium and pericardium bright, muscle between, all fading with depth. */
function echoAt(spot: Spot, chambers: readonly Chamber[], beat: number): number {
  let nearest = Infinity;
  for (const chamber of chambers) nearest = Math.min(nearest, distanceTo(chamber, spot));
  const pericardium = Math.abs(Math.hypot(spot.x / 4.7, (spot.y - 9) / 6.9) - 1) * 5;
  const inHeart = Math.hypot(spot.x / 4.7, (spot.y - 9) / 6.9) < 1;
  let echo = nearest < 0 ? 0.035 : inHeart ? 0.36 : 0.13;
  const wall = Math.abs(spot.y - 10.6) < 0.5 && Math.abs(Math.abs(spot.x) - 1.9) < 1.15 ? 0.1 : 0.55;
  echo += wall * Math.exp(-((nearest / 0.13) ** 2)) + 0.75 * Math.exp(-((pericardium / 0.2) ** 2));
  echo += 0.9 * valveEcho(spot, beat) + 0.6 * Math.exp(-spot.radius * 1.6);
  return echo * (1.1 - spot.radius * 0.03);
}

/** Roughly the distance to the wall of a chamber in centimetres, negative inside. */
function distanceTo(chamber: Chamber, { x, y }: Spot): number {
  const angle = (chamber.turn * Math.PI) / 180;
  const [dx, dy] = [x - chamber.x, y - chamber.y];
  const across = (dx * Math.cos(angle) + dy * Math.sin(angle)) / chamber.radiusX;
  const along = (dy * Math.cos(angle) - dx * Math.sin(angle)) / chamber.radiusY;
  return (Math.sqrt(across * across + along * along) - 1) * Math.min(chamber.radiusX, chamber.radiusY);
}

/** Mitral and tricuspid leaflets: shut across the ring in systole, hanging into the ventricle while it fills. */
function valveEcho({ x, y }: Spot, beat: number): number {
  let echo = 0;
  for (const ring of [1.7, -2.1]) {
    for (const side of [-1, 1]) {
      const hinge = ring + side * 1.4;
      const along = (hinge - x) * side;
      if (along < 0 || along > 1.4 - 0.65 * (1 - beat)) continue;
      const leaf = 10.75 - 0.6 * beat - (1 - beat) * along * 2.1 + Math.sin(along * 2) * 0.12;
      echo += Math.exp(-(((y - leaf) / 0.11) ** 2));
    }
  }
  return Math.min(echo, 1);
}

/** Log compression of a speckled echo to 8 bits. */
function compressed(echo: number, grain: number, flicker: number): number {
  const amplitude = echo * Math.exp(0.55 * grain) * (0.94 + 0.12 * flicker);
  return Math.max(0, Math.min(250, 62 * Math.log2(1 + 12 * amplitude) - 18));
}

/** Depth ticks every centimetre, a grey bar, and the maker's letters, burned in as machines do. */
function annotate(frame: Uint8Array, { columns, rows }: EchoPicture, fan: Fan): void {
  for (let centimetre = 0; centimetre <= fan.depth; centimetre++) {
    const row = Math.round(fan.apexY + (centimetre * fan.radius) / fan.depth);
    const length = centimetre % 5 ? 4 : 9;
    for (let column = 0; column < length; column++)
      frame[row * columns + Math.round(columns * 0.93) + column] = 200;
  }
  for (let row = 0; row < Math.round(rows * 0.3); row++) {
    const grey = 250 - Math.round((row * 250) / (rows * 0.3));
    for (let column = 0; column < 8; column++) frame[(row + 30) * columns + 14 + column] = grey;
  }
  LETTERS.forEach((line, row) => {
    for (let column = 0; column < line.length * 2; column++) {
      if (line[column >> 1] !== '#') continue;
      frame[(8 + row * 2) * columns + 12 + column] = frame[(9 + row * 2) * columns + 12 + column] = 220;
    }
  });
}

const LETTERS = ['#### ### ', '#    #  #', '###  ### ', '#    #   ', '#    #   '];
