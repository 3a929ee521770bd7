import { type ChosenSeries, allSeries } from './chosen-series.ts';
import { button, element } from './element.ts';
import { type GivenFile, foundFiles } from './finding-files.ts';
import { droppedFiles, pickedFiles } from './given-folder.ts';
import type { Disc } from '../disc-script.ts';

export interface Opened {
  readonly files: ReadonlyMap<string, File>;
  /** Images of the list that the folder does not hold. */
  readonly missing: number;
}

/** The ways to give the page the files of the disc, which no browser lets it read by itself. */
export class Opening {
  readonly #paths: readonly string[];
  readonly #input = element('input', { type: 'file', multiple: true, webkitdirectory: true, hidden: true });
  readonly #opened: (opened: Opened) => void;

  constructor(disc: Disc, opened: (opened: Opened) => void) {
    this.#paths = allSeries(disc).flatMap(({ series }: ChosenSeries) =>
      series.images.map(({ path }) => path),
    );
    this.#opened = opened;
    this.#input.addEventListener('change', () => this.#take(pickedFiles(this.#input.files ?? [])));
    document.body.append(this.#input);
    document.addEventListener('dragover', (event) => event.preventDefault());
    document.addEventListener('drop', (event) => {
      event.preventDefault();
      if (event.dataTransfer) void droppedFiles(event.dataTransfer).then((given) => this.#take(given));
    });
  }

  button(): HTMLButtonElement {
    return button('Open this disc', () => this.#input.click(), { className: 'next' });
  }

  invitation(): Node[] {
    return [
      element('p', {}, this.button()),
      element(
        'p',
        {},
        'Choose the disc, or the folder this page lies in, or drop it here. Your browser may call this an upload: ' +
          'nothing leaves this computer.',
      ),
    ];
  }

  #take(given: readonly GivenFile<File>[]): void {
    if (given.length === 0) return;
    const files = foundFiles(this.#paths, given);
    this.#opened({ files, missing: this.#paths.length - files.size });
  }
}
