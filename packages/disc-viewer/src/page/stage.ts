import { element } from './element.ts';
import { type Size, type View, WHOLE, boxOf } from './view.ts';

/** Something that can be drawn; `size` has the proportions of the body, not of the pixels. */
export interface Shown {
  readonly source: CanvasImageSource;
  readonly size: Size;
  /** What is drawn, in words for programs: they become `data-` attributes of the canvas together with the picture. */
  readonly about: Readonly<Record<string, string>>;
}

export interface Corners {
  readonly topLeft: readonly string[];
  readonly topRight: readonly string[];
  readonly bottomLeft: readonly string[];
  readonly bottomRight: readonly string[];
}

const CORNERS = ['topLeft', 'topRight', 'bottomLeft', 'bottomRight'] as const;

/** From this many on, a pixel of the image is shown as what it is: a square of one shade. */
const WHOLE_PIXELS = 8;

/** The dark surface: one picture, texts in its corners, or words where there is no picture. */
export class Stage {
  readonly canvas = element('canvas', { tabIndex: 0 });
  readonly #words = element('div', { className: 'words' });
  readonly #corners = CORNERS.map((corner) => element('div', { className: `corner ${corner}` }));
  readonly root = element('div', { className: 'stage' }, this.canvas, ...this.#corners, this.#words);
  #shown: Shown | null = null;
  #view = WHOLE;
  #asked = false;

  constructor() {
    this.canvas.setAttribute('role', 'img');
    this.#words.setAttribute('role', 'status');
    new ResizeObserver(() => this.#draw()).observe(this.root);
  }

  /** In pixels of the page. */
  get size(): Size {
    return { width: this.canvas.clientWidth, height: this.canvas.clientHeight };
  }

  /** Nothing is shown at once; a picture with the next frame. */
  show(shown: Shown | null, view: View): void {
    this.#shown = shown;
    this.#view = view;
    if (!shown) return this.#draw();
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => {
      this.#asked = false;
      this.#draw();
    });
  }

  /** Words in the middle instead of a picture; nothing for none. */
  say(...words: (Node | string)[]): void {
    this.#words.replaceChildren(...words);
  }

  write(corners: Corners): void {
    for (const [index, corner] of CORNERS.entries()) {
      const lines = corners[corner]
        .filter(Boolean)
        .map((line) => element('div', {}, element('bdi', {}, line)));
      this.#corners[index]?.replaceChildren(...lines);
    }
  }

  #draw(): void {
    const { canvas } = this;
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    const context = canvas.getContext('2d');
    if (!context) return;
    context.clearRect(0, 0, width, height);
    for (const name of Object.keys(canvas.dataset)) delete canvas.dataset[name];
    if (!this.#shown) return;
    const box = boxOf(this.#view, this.#shown.size, this.size);
    context.imageSmoothingQuality = 'high';
    context.imageSmoothingEnabled = (box.width * ratio) / this.#shown.size.width < WHOLE_PIXELS;
    context.drawImage(
      this.#shown.source,
      box.x * ratio,
      box.y * ratio,
      box.width * ratio,
      box.height * ratio,
    );
    const sides = [box.x, box.y, box.width, box.height].map((side) => side * ratio);
    Object.assign(canvas.dataset, this.#shown.about, { box: sides.join(' ') });
  }
}
