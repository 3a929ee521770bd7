/** `INDEX.HTM`: the page somebody opens who finds the disc on a desk (IHE RAD TF-2 4.47). XHTML, nothing fetched. */

import { NOT_FOR_DIAGNOSIS, PRIVACY, day } from './disc-text.ts';
import type { DiscAbout, DiscExam } from './disc-text.ts';

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem;color:#16202a;background:#fff}' +
  'table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #cfd6dd}' +
  '.wide{overflow-x:auto}a{color:#0b5cad}.note{color:#4a5662}';

const COLUMNS: readonly [heading: string, cell: (exam: DiscExam) => string][] = [
  ['Patient', (exam) => exam.patientName],
  ['Patient ID', (exam) => exam.patientId],
  ['Date of birth', (exam) => exam.birthDate],
  ['Exam', (exam) => [exam.modalities.join(', '), exam.description].filter(Boolean).join(' – ')],
  ['Date', (exam) => exam.studyDate],
  ['Images', (exam) => String(exam.images)],
];

/** The page; what comes from outside is escaped. */
export function indexPage(about: DiscAbout): string {
  const { institution, contact, created, software, exams, viewer } = about;
  return document('Medical images', [
    `<p>${[institution, ...contact].map(escaped).join('<br/>')}</p>`,
    linkList(linksOf(about)),
    ...(about.reports.length === 0 ? [] : ['<h2>Reports</h2>', linkList(reportLinks(about))]),
    '<h2>Exams</h2>',
    table(exams),
    '<p>To import the exams, give this disc, or its folder IMAGES, to your imaging software; DICOMDIR lists them.</p>',
    `<p class="note">Made ${day(created)} (UTC) with ${escaped(software)}.</p>`,
    `<p class="note">${PRIVACY}</p>`,
    ...(viewer === null ? [] : [`<p class="note">${NOT_FOR_DIAGNOSIS}</p>`]),
  ]);
}

type DiscLink = readonly [path: string, text: string];

/** The ways into the disc that IHE asks for: viewer, web content, README, and what else lies there. */
function linksOf({ viewer, guide, copies }: DiscAbout): DiscLink[] {
  const perhaps: readonly [path: string | null, text: string][] = [
    [viewer, 'Look at the images in this browser'],
    [copies, 'Look at copies of single images, where scripts are forbidden'],
    [guide, 'Quick Start Guide (PDF)'],
    ['README.TXT', 'Read about this disc'],
    ['IMAGES/', 'The images as DICOM files'],
    ['MANIFEST.JSN', 'Every file on this disc, with its digest'],
  ];
  return perhaps.flatMap(([path, text]) => (path === null ? [] : [[path, text] satisfies DiscLink]));
}

function reportLinks({ reports }: DiscAbout): DiscLink[] {
  return reports.map((path, index) => [path, `Report ${index + 1} (PDF)`]);
}

function linkList(links: readonly DiscLink[]): string {
  const items = links.map(([path, text]) => `<li><a href="${escaped(path)}">${escaped(text)}</a></li>`);
  return `<ul>${items.join('')}</ul>`;
}

function document(title: string, body: readonly string[]): string {
  return [
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">',
    '<html xmlns="http://www.w3.org/1999/xhtml" lang="en" xml:lang="en">',
    '<head>',
    '<meta http-equiv="Content-Type" content="text/html; charset=utf-8"/>',
    '<meta name="viewport" content="width=device-width"/>',
    `<title>${title}</title>`,
    `<style type="text/css">${STYLE}</style>`,
    '</head>',
    '<body>',
    `<h1>${title}</h1>`,
    ...body,
    '</body>',
    '</html>',
    '',
  ].join('\r\n');
}

function table(exams: readonly DiscExam[]): string {
  const head = COLUMNS.map(([heading]) => `<th scope="col">${heading}</th>`).join('');
  const rows = exams.map((exam) => COLUMNS.map(([, cell]) => `<td>${escaped(cell(exam))}</td>`).join(''));
  const body = rows.map((row) => `<tr>${row}</tr>`).join('\r\n');
  return `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>\r\n${body}\r\n</tbody></table></div>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** As text or attribute value of XHTML; what XML has no place for becomes a space. */
function escaped(text: string): string {
  const clean = text.toWellFormed().replace(/[\p{Cc}\ufffe\uffff]+/gu, ' ');
  return clean.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
