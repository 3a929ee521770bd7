import type { Window } from '@filmpost/imaging/description.ts';
import { type ChosenSeries, examWords, patientWords, seriesWords } from './chosen-series.ts';
import type { Gestures, Tool } from './gestures.ts';
import type { PictureLine } from './picture-line.ts';
import type { MadePicture } from './picture-making.ts';
import { placeAt, placesOf } from './places.ts';
import type { Shown, Stage } from './stage.ts';
import { type View, WHOLE } from './view.ts';
import { dragged, windowWords } from './windows.ts';

const DEFAULT_PACE = 10;

export interface LightBoxParts {
  readonly stage: Stage;
  readonly line: PictureLine;
  /** Words for who has not opened the disc yet. */
  invitation(): (Node | string)[];
}

/** What is looked at, and how. Whoever wants to know of changes is told after each. */
export class LightBox implements Gestures {
  tool: Tool = 'scroll';
  view: View = WHOLE;
  /** Frames per second that the recording asks for, or somebody chose. */
  pace = DEFAULT_PACE;
  playing = false;
  position = 0;
  chosen: ChosenSeries | null = null;
  onChange: () => void = () => undefined;
  readonly #stage: Stage;
  readonly #line: PictureLine;
  #asked: Window | null = null;
  #picture: MadePicture | null = null;
  #shown: Shown | null = null;
  #isOpen = false;
  readonly #invitation: () => (Node | string)[];

  constructor({ stage, line, invitation }: LightBoxParts) {
    this.#stage = stage;
    this.#line = line;
    this.#invitation = invitation;
  }

  get places(): number {
    return this.chosen ? placesOf(this.chosen.series) : 0;
  }

  /** Whether the files of the disc are at hand; before, copies are shown where there are any. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  open(): void {
    this.#isOpen = true;
    this.#shown = null;
    void this.#show();
  }

  choose(chosen: ChosenSeries): void {
    Object.assign(this, { chosen, position: 0, view: WHOLE, playing: false, pace: DEFAULT_PACE });
    this.#asked = null;
    this.#picture = null;
    this.#shown = null;
    this.#stage.show(null, WHOLE);
    // No picture and no word stays under another name than its own.
    this.#stage.say();
    this.#write('');
    delete this.#stage.root.dataset.instance;
    void this.#show();
  }

  turn(places: number): void {
    this.goTo(Math.min(this.places - 1, Math.max(0, this.position + places)));
  }

  goTo(position: number): void {
    if (!this.chosen || position === this.position || position < 0 || position >= this.places) return;
    this.position = position;
    void this.#show();
  }

  shade(across: number, down: number): void {
    const now = this.#asked ?? this.#picture?.window;
    if (now) this.shadeWith(dragged(now, { across, down, stage: this.#stage.size.width }));
  }

  /** @param window null for the image's own */
  shadeWith(window: Window | null): void {
    this.#asked = window;
    void this.#show();
  }

  look(view: View): void {
    this.view = view;
    this.#paint();
  }

  reset(): void {
    this.view = WHOLE;
    this.shadeWith(null);
  }

  /** From the beginning again after the last; waits for each picture, so none is left out. */
  async play(): Promise<void> {
    if (this.playing || this.places < 2) return;
    this.playing = true;
    for (let due = performance.now(); this.playing; due += 1000 / this.pace) {
      await until(due);
      if (!this.playing) break;
      this.position = (this.position + 1) % this.places;
      await this.#show();
      due = Math.max(due, performance.now() - 250);
    }
    this.onChange();
  }

  stop(): void {
    this.playing = false;
    this.onChange();
  }

  async #show(): Promise<void> {
    const { chosen, position } = this;
    const place = chosen && placeAt(chosen.series, position);
    this.onChange();
    if (!place) return;
    if (!this.#isOpen) return this.#showCopy(chosen);
    const { path, sopInstanceUid } = place.image;
    const { frameNumber } = place;
    const reply = await this.#line.show({
      path,
      sopInstanceUid,
      frameNumber,
      window: this.#asked,
      kind: 'draw',
      most: null,
    });
    // Overtaken by a newer wish, or by another series.
    if (reply === null || chosen !== this.chosen) return;
    this.#picture = 'picture' in reply ? reply.picture : null;
    this.#stage.say(...('refused' in reply ? [reply.refused] : []));
    this.#stage.root.dataset.instance = sopInstanceUid;
    if (this.#picture?.framesPerSecond && this.pace === DEFAULT_PACE && !this.playing)
      this.pace = this.#picture.framesPerSecond;
    const window = this.#picture?.window ? windowWords(this.#picture.window) : '';
    const about = {
      instance: sopInstanceUid,
      frame: String(frameNumber),
      position: String(position + 1),
      window,
    };
    this.#shown = this.#picture && drawable(this.#picture, about);
    this.#write(`${position + 1} / ${this.places}`);
    this.#paint();
    this.onChange();
  }

  /** Before the disc is open: the copy next to where one is, with the invitation to open it. */
  async #showCopy(chosen: ChosenSeries): Promise<void> {
    const wanted = placeAt(chosen.series, this.position)?.index ?? 0;
    const distance = ({ image }: { image: number }) => Math.abs(image - wanted);
    const [copy] = chosen.series.copies.toSorted((one, other) => distance(one) - distance(other));
    this.#shown = copy ? await pictureAt(copy.path) : null;
    if (chosen !== this.chosen || this.#isOpen) return;
    this.#stage.say(...this.#invitation());
    this.#write(copy && this.#shown ? `Copy of image ${copy.image + 1}` : '');
    this.#paint();
  }

  #paint(): void {
    this.#stage.show(this.#shown, this.view);
  }

  #write(at: string): void {
    if (!this.chosen) return;
    const { patient, exam, series } = this.chosen;
    const picture = this.#picture;
    this.#stage.write({
      topLeft: patientWords(patient),
      topRight: [examWords(exam), seriesWords(series)],
      bottomLeft: [at, picture ? `${picture.columns} × ${picture.rows}` : ''],
      bottomRight: [picture?.window ? windowWords(picture.window) : '', 'Not for diagnostic use'],
    });
    this.#stage.canvas.setAttribute('aria-label', `${seriesWords(series)}, ${at}`);
  }
}

function drawable({ columns, rows, rgba, aspect }: MadePicture, about: Shown['about']): Shown {
  const source = new OffscreenCanvas(columns, rows);
  source.getContext('2d')?.putImageData(new ImageData(rgba, columns, rows), 0, 0);
  const pixels = { columns: String(columns), rows: String(rows) };
  return { source, size: { width: columns, height: rows * aspect }, about: { ...about, ...pixels } };
}

function pictureAt(path: string): Promise<Shown | null> {
  const source = new Image();
  return new Promise((give) => {
    source.onload = () => {
      const size = { width: source.naturalWidth, height: source.naturalHeight };
      give({ source, size, about: { copy: path } });
    };
    source.onerror = () => give(null);
    source.src = path;
  });
}

function until(due: number): Promise<void> {
  return new Promise((go) => {
    const look = (now: number) => (now >= due ? go() : requestAnimationFrame(look));
    requestAnimationFrame(look);
  });
}
