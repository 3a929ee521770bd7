/** `IHE_PDI`: images in web format for whoever can open nothing else (IHE RAD TF-3 4.47). XHTML and JPEG, no script. */

import type { DiscExam, DiscManifest, DiscPatient, DiscSeries } from './manifest.ts';

export interface WebFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The page of all copies; on a disc without any there is none. */
export const COPIES_PAGE = 'IHE_PDI/INDEX.HTM';

/** Where the copy of this number, counted from 1 over the whole disc, lies. */
export function copyPath(serial: number): string {
  return `IHE_PDI/P${serial}.JPG`;
}

/** A page of all copies and the copies themselves; nothing where there are none. */
export function webCopies({ patients }: DiscManifest): WebFile[] {
  const pictures: WebFile[] = [];
  const figure = (series: DiscSeries) =>
    series.copies.map(({ image, jpeg }) => {
      const path = copyPath(pictures.length + 1);
      pictures.push({ path, bytes: jpeg });
      const words = `${seriesWords(series)}, image ${image + 1} of ${series.images.length}`;
      const file = path.slice('IHE_PDI/'.length);
      return `<div><a href="${file}"><img src="${file}" alt="${escaped(words)}"/></a><p>${escaped(words)}</p></div>`;
    });
  const body = patients.flatMap((patient) =>
    patient.exams.flatMap((exam) => {
      const figures = exam.series.flatMap(figure);
      return figures.length === 0 ? [] : [`<h2>${escaped(examWords(patient, exam))}</h2>`, ...figures];
    }),
  );
  if (pictures.length === 0) return [];
  return [{ path: COPIES_PAGE, bytes: new TextEncoder().encode(page(body)) }, ...pictures];
}

const STYLE =
  'body{font:16px/1.5 sans-serif;margin:2em;color:#16202a;background:#fff}a{color:#0b5cad}' +
  'div{display:inline-block;vertical-align:top;width:20em;max-width:100%;margin:0 1em 1em 0}' +
  'img{max-width:100%;background:#000}p{margin:.25em 0}';

function page(body: readonly string[]): string {
  return [
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">',
    '<html xmlns="http://www.w3.org/1999/xhtml" lang="en" xml:lang="en">',
    '<head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"/><title>Copies of images</title>',
    `<style type="text/css">${STYLE}</style></head>`,
    '<body><h1>Copies of images</h1>',
    '<p>Not for diagnostic use: these are copies of single images. The images themselves are in the folder IMAGES.</p>',
    '<p><a href="../INDEX.HTM">What else is on this disc</a></p>',
    ...body,
    '</body></html>',
    '',
  ].join('\r\n');
}

function examWords({ name, birthDate }: DiscPatient, { date, description }: DiscExam): string {
  return [name || 'Unknown patient', birthDate, date, description].filter(Boolean).join(' – ');
}

function seriesWords({ number, modality, description }: DiscSeries): string {
  return [`Series ${number}`.trim(), modality, description].filter(Boolean).join(', ');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replace(/[\ufffe\uffff]/g, ' ').replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
}
