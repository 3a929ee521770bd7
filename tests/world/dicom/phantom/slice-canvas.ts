/** Millimetres: x to the patient's left, y to the back, z up. */
export type Point = readonly [x: number, y: number, z: number];

/** An organ or part of one. The tables of anatomy are lists of these, painted one over the other. */
export interface Ellipsoid {
  readonly at: Point;
  readonly radii: Point;
  /** Degrees about z, clockwise as seen on the picture; mirrored with the organ. */
  readonly turn?: number;
  readonly hounsfield: number;
  /** Adds a random texture of this standard deviation, in Hounsfield units. */
  readonly texture?: number;
  /** Width of the edge in millimetres. */
  readonly edge?: number;
  /** 0 to 1, how much of what lies below is covered. */
  readonly cover?: number;
  /** Paint it on both sides of the midline. */
  readonly paired?: boolean;
}

/** Ramp from 0 at `from` to 1 at `to`. */
export function ramp(from: number, to: number, value: number): number {
  const part = (value - from) / (to - from);
  return part <= 0 ? 0 : part >= 1 ? 1 : part;
}

/** One axial slice in Hounsfield units, painted in millimetres about the middle of the picture. */
export class SliceCanvas {
  readonly side: number;
  readonly pixelSize: number;
  readonly z: number;
  /** Radians the patient is turned about z, clockwise on the picture; nobody lies quite straight. */
  readonly tilt: number;
  readonly hounsfield: Float32Array;
  readonly #texture: Float32Array;

  /**
   * @param background pixels to start from, a square
   * @param texture a field of 512 × 512 for textured organs
   */
  constructor(slice: {
    z: number;
    tilt: number;
    fieldOfView: number;
    background: Float32Array;
    texture: Float32Array;
  }) {
    this.side = Math.sqrt(slice.background.length);
    this.pixelSize = slice.fieldOfView / this.side;
    this.z = slice.z;
    this.tilt = slice.tilt;
    this.hounsfield = slice.background.slice();
    this.#texture = slice.texture;
  }

  /** Millimetres of the centre of a column or row. */
  millimetres(index: number): number {
    return (index + 0.5 - this.side / 2) * this.pixelSize;
  }

  /** Where on the picture a place in the patient lies. */
  turned(x: number, y: number): [number, number] {
    const [cosine, sine] = [Math.cos(this.tilt), Math.sin(this.tilt)];
    return [x * cosine - y * sine, x * sine + y * cosine];
  }

  /** First and last index within `reach` millimetres of the middle. */
  span(reach: number): [number, number] {
    return [this.#indexOf(-reach), this.#indexOf(reach)];
  }

  #indexOf(millimetres: number): number {
    const index = Math.floor(millimetres / this.pixelSize + this.side / 2);
    return Math.min(Math.max(index, 0), this.side - 1);
  }

  paint(organs: readonly Ellipsoid[]): void {
    for (const organ of organs) {
      const height = (this.z - organ.at[2]) / organ.radii[2];
      if (Math.abs(height) >= 1) continue;
      const shrunk = Math.sqrt(1 - height * height);
      this.#ellipse(organ, { side: 1, shrunk });
      if (organ.paired) this.#ellipse(organ, { side: -1, shrunk });
    }
  }

  #ellipse(organ: Ellipsoid, { side, shrunk }: { side: 1 | -1; shrunk: number }): void {
    const [centreX, centreY] = this.turned(organ.at[0] * side, organ.at[1]);
    const [radiusX, radiusY] = [organ.radii[0] * shrunk, organ.radii[1] * shrunk];
    const angle = ((organ.turn ?? 0) * side * Math.PI) / 180 + this.tilt;
    const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
    const edge = (organ.edge ?? 1) / Math.min(radiusX, radiusY);
    const outer = (1 + edge / 2) ** 2;
    const reachX = Math.hypot(radiusX * cosine, radiusY * sine) * (1 + edge);
    const reachY = Math.hypot(radiusX * sine, radiusY * cosine) * (1 + edge);
    const [left, right] = [this.#indexOf(centreX - reachX), this.#indexOf(centreX + reachX)];
    for (let row = this.#indexOf(centreY - reachY); row <= this.#indexOf(centreY + reachY); row++) {
      const y = this.millimetres(row) - centreY;
      for (let column = left; column <= right; column++) {
        const x = this.millimetres(column) - centreX;
        const along = (x * cosine + y * sine) / radiusX;
        const across = (y * cosine - x * sine) / radiusY;
        const distance = along * along + across * across;
        if (distance >= outer) continue;
        const covered = Math.min(1, (1 - Math.sqrt(distance)) / edge + 0.5);
        this.#blend(column, row, { organ, covered });
      }
    }
  }

  #blend(column: number, row: number, { organ, covered }: { organ: Ellipsoid; covered: number }): void {
    const index = row * this.side + column;
    const old = this.hounsfield[index] ?? 0;
    const value = organ.texture
      ? organ.hounsfield + organ.texture * (this.#texture[this.#textureIndex(column, row)] ?? 0)
      : organ.hounsfield;
    this.hounsfield[index] = old + (value - old) * covered * (organ.cover ?? 1);
  }

  #textureIndex(column: number, row: number): number {
    const step = 512 / this.side;
    return (
      ((Math.floor(row * step + this.z * 3) & 511) << 9) | (Math.floor(column * step + this.z * 2) & 511)
    );
  }
}
