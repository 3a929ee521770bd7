/** The side of the page: people, their exams, their series. */

import type { Disc, Exam, Patient } from '../disc-script.ts';
import { type ChosenSeries, countWords, examWords, patientWords, seriesWords } from './chosen-series.ts';
import { button, element } from './element.ts';
import type { MadePicture } from './picture-making.ts';

export interface SeriesList {
  readonly root: HTMLElement;
  /** Marks the series that is on the stage. */
  mark(chosen: ChosenSeries | null): void;
  thumbnail(chosen: ChosenSeries, picture: MadePicture): void;
}

export function seriesList(
  disc: Disc,
  all: readonly ChosenSeries[],
  choose: (chosen: ChosenSeries) => void,
): SeriesList {
  const buttons = new Map(all.map((each) => [each, seriesButton(each, choose)]));
  const ofExam = (exam: Exam) => all.filter((each) => each.exam === exam);
  const person = (patient: Patient) =>
    element(
      'section',
      {},
      element('h2', {}, ...patientWords(patient).map((line) => element('bdi', {}, line))),
      ...patient.exams.map((exam) =>
        element(
          'div',
          {},
          element('h3', {}, element('bdi', {}, examWords(exam))),
          element('ul', {}, ...ofExam(exam).map((each) => element('li', {}, buttons.get(each) ?? ''))),
        ),
      ),
    );
  const root = element('nav', {}, ...disc.patients.map(person));
  root.setAttribute('aria-label', 'Exams on this disc');
  let marked: ChosenSeries | null = null;
  return {
    root,
    mark: (chosen) => {
      if (chosen === marked) return;
      marked = chosen;
      for (const [each, made] of buttons) {
        made.setAttribute('aria-current', String(each === chosen));
        if (each === chosen) made.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      }
    },
    thumbnail: (chosen, picture) =>
      buttons.get(chosen)?.querySelector('.thumbnail')?.replaceChildren(small(picture)),
  };
}

function seriesButton(chosen: ChosenSeries, choose: (chosen: ChosenSeries) => void): HTMLButtonElement {
  const { series } = chosen;
  const [copy] = series.copies;
  const picture = element('span', { className: 'thumbnail' });
  if (copy) picture.append(element('img', { src: copy.path, alt: '' }));
  const words = element(
    'span',
    {},
    element('bdi', {}, seriesWords(series)),
    element('small', {}, countWords(series)),
  );
  const made = button('', () => choose(chosen));
  made.append(picture, words);
  return made;
}

function small({ columns, rows, rgba }: MadePicture): HTMLCanvasElement {
  const canvas = element('canvas', { width: columns, height: rows });
  canvas.getContext('2d')?.putImageData(new ImageData(rgba, columns, rows), 0, 0);
  return canvas;
}
