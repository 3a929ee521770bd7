import { randomFrom } from './field.ts';

/** An organ seen through: its outline on the picture, and its thickness along the beam. Millimetres. */
export interface Shadow {
  readonly x: number;
  readonly y: number;
  readonly radiusX: number;
  readonly radiusY: number;
  /** Half the thickness along the beam, in millimetres of water. */
  readonly depth: number;
  /** Degrees, clockwise. */
  readonly turn?: number;
  /** Blunter than an ellipse: 1 is an ellipse, more has straighter sides and a flatter middle. */
  readonly bluntness?: number;
}

/** A bone like a pipe, running across the picture from `from` to `to` at the height `y` gives. */
export interface Pipe {
  readonly from: number;
  readonly to: number;
  readonly y: (x: number) => number;
  readonly radius: number;
  /** Millimetres of water that a millimetre of cortex stops. */
  readonly strength: number;
}

/** What the beam meets on its way to every point of the detector, added up in millimetres of water. */
export class Projection {
  readonly columns: number;
  readonly rows: number;
  /** Millimetres. */
  readonly pixelSize: number;
  readonly water: Float32Array;

  constructor(columns: number, rows: number, pixelSize: number) {
    this.columns = columns;
    this.rows = rows;
    this.pixelSize = pixelSize;
    this.water = new Float32Array(columns * rows);
  }

  /** Sets every point from its place: x from the midline, y from the upper edge. */
  fill(waterAt: (x: number, y: number) => number): void {
    for (let row = 0; row < this.rows; row++) {
      const y = row * this.pixelSize;
      for (let column = 0; column < this.columns; column++) {
        this.water[row * this.columns + column] = waterAt(this.#x(column), y);
      }
    }
  }

  add(shadows: readonly Shadow[]): void {
    for (const shadow of shadows) this.#addShadow(shadow);
  }

  addPipe(pipe: Pipe): void {
    const [first, last] = [
      this.#column(Math.min(pipe.from, pipe.to)),
      this.#column(Math.max(pipe.from, pipe.to)),
    ];
    const profile = pipeProfile(pipe.radius);
    for (let column = first; column <= last; column++) {
      const x = this.#x(column);
      const middle = pipe.y(x);
      const slope = (pipe.y(x + 0.5) - pipe.y(x - 0.5)) / 1;
      const upright = 1 / Math.sqrt(1 + slope * slope);
      const reach = pipe.radius / upright;
      const strength =
        pipe.strength * Math.min(1, Math.abs(x - pipe.from) / 14, (Math.abs(x - pipe.to) + 3) / 9);
      for (let row = this.#row(middle - reach); row <= this.#row(middle + reach); row++) {
        const away = Math.abs(row * this.pixelSize - middle) * upright;
        this.#more(column, row, strength * profile(away));
      }
    }
  }

  /** A vessel: a solid rod of the given radius between two points. */
  addRod(from: readonly [number, number], to: readonly [number, number], radius: number): void {
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    const square = dx * dx + dy * dy || 1;
    const [left, right] = [Math.min(from[0], to[0]) - radius, Math.max(from[0], to[0]) + radius];
    const [top, bottom] = [Math.min(from[1], to[1]) - radius, Math.max(from[1], to[1]) + radius];
    for (let row = this.#row(top); row <= this.#row(bottom); row++) {
      for (let column = this.#column(left); column <= this.#column(right); column++) {
        const [x, y] = [this.#x(column) - from[0], row * this.pixelSize - from[1]];
        const along = (x * dx + y * dy) / square;
        if (along < 0 || along >= 1) continue;
        const away = (x * x + y * y - along * along * square) / (radius * radius);
        if (away < 1) this.#more(column, row, 2 * radius * Math.sqrt(1 - away));
      }
    }
  }

  #addShadow(shadow: Shadow): void {
    const angle = ((shadow.turn ?? 0) * Math.PI) / 180;
    const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
    const reach = Math.max(shadow.radiusX, shadow.radiusY);
    const power = shadow.bluntness ?? 1;
    for (let row = this.#row(shadow.y - reach); row <= this.#row(shadow.y + reach); row++) {
      const y = row * this.pixelSize - shadow.y;
      for (let column = this.#column(shadow.x - reach); column <= this.#column(shadow.x + reach); column++) {
        const x = this.#x(column) - shadow.x;
        const across = ((x * cosine + y * sine) / shadow.radiusX) ** 2;
        const along = ((y * cosine - x * sine) / shadow.radiusY) ** 2;
        const distance = power === 1 ? across + along : across ** power + along ** power;
        if (distance < 1) this.#more(column, row, 2 * shadow.depth * Math.sqrt(1 - distance));
      }
    }
  }

  #more(column: number, row: number, water: number): void {
    const index = row * this.columns + column;
    this.water[index] = (this.water[index] ?? 0) + water;
  }

  #x(column: number): number {
    return (column + 0.5 - this.columns / 2) * this.pixelSize;
  }

  #column(x: number): number {
    return Math.min(Math.max(Math.round(x / this.pixelSize + this.columns / 2), 0), this.columns - 1);
  }

  #row(y: number): number {
    return Math.min(Math.max(Math.round(y / this.pixelSize), 0), this.rows - 1);
  }
}

/** Millimetres of cortex crossed at a distance from the axis of a bone whose cortex is a sixth of its radius. */
function pipeProfile(radius: number): (away: number) => number {
  const inside = radius * 0.83;
  return (away) => {
    const whole = 2 * Math.sqrt(Math.max(0, radius * radius - away * away));
    const marrow = 2 * Math.sqrt(Math.max(0, inside * inside - away * away));
    return whole - 0.8 * marrow;
  };
}

/** Where a tree of vessels starts, which way it grows and how far. */
export interface VesselTree {
  readonly seed: string;
  readonly root: readonly [number, number];
  /** Degrees, 0 to the right and 90 down. */
  readonly direction: number;
  readonly radius: number;
  readonly length: number;
}

/** Draws a tree that forks, thins and bends until its twigs are half a millimetre thick. */
export function growVessels(projection: Projection, tree: VesselTree): void {
  const random = randomFrom(tree.seed);
  const grow = (
    root: readonly [number, number],
    direction: number,
    { radius, length }: { radius: number; length: number },
  ) => {
    if (radius < 0.5) return;
    let [x, y] = root;
    let heading = direction;
    for (let step = 0; step < 5; step++) {
      heading += (random() - 0.5) * 14;
      const bearing = (heading * Math.PI) / 180;
      const next: [number, number] = [
        x + (Math.cos(bearing) * length) / 5,
        y + (Math.sin(bearing) * length) / 5,
      ];
      projection.addRod([x, y], next, radius * (1 - step * 0.04));
      [x, y] = next;
    }
    const fork = 18 + random() * 22;
    grow([x, y], heading - fork, {
      radius: radius * (0.68 + random() * 0.12),
      length: length * (0.72 + random() * 0.2),
    });
    grow([x, y], heading + fork * 0.8, {
      radius: radius * (0.64 + random() * 0.14),
      length: length * (0.72 + random() * 0.2),
    });
  };
  grow(tree.root, tree.direction, tree);
}
