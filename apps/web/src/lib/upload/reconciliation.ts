import type { UploadProgress } from '@filmpost/exchange/intake/schema.ts';
import { setAsideSentence } from '@filmpost/exchange/ingest/rules.ts';
import { formatCount } from '#lib/ui/format.ts';
import { ALREADY_THERE } from './manifest.ts';
import { isDamage, leftOutWords } from './reasons.ts';

/** One line of the bill: `212 images arrived`. */
export interface BillLine {
  files: number;
  words: string;
  /** `good`: they are there; `quiet`: nothing is missing; `warn`: somebody should look. */
  tone: 'good' | 'quiet' | 'warn';
}

/** Where each chosen file went. The lines add up to `chosen`; a line says so when something else came as well. */
export interface Bill {
  chosen: number;
  lines: BillLine[];
}

/** The bill of an upload: chosen = arrived + already there + left out + set aside (features A.6). */
export function billOf(upload: UploadProgress): Bill {
  const arrived: BillLine[] = [
    {
      files: upload.instancesArrived,
      words: upload.instancesArrived === 1 ? 'image arrived' : 'images arrived',
      tone: 'good',
    },
  ];
  const duplicates = countOf(upload.setAside, 'duplicate') + countOf(upload.leftOut, ALREADY_THERE);
  const alreadyThere: BillLine = { files: duplicates, words: 'already there, byte for byte', tone: 'quiet' };
  const setAside = upload.setAside
    .filter(({ reason }) => reason !== 'duplicate')
    .map(({ reason, files }): BillLine => {
      return { files, words: `set aside: ${setAsideSentence(reason)}`, tone: 'warn' };
    });
  const leftOut = upload.leftOut
    .filter(({ reason }) => reason !== ALREADY_THERE)
    .map(({ reason, files }): BillLine => {
      return { files, words: `left out: ${leftOutWords(reason)}`, tone: isDamage(reason) ? 'warn' : 'quiet' };
    });
  const lines = [...arrived, alreadyThere, ...setAside, ...leftOut].filter(({ files }) => files > 0);
  const accounted = lines.reduce((sum, { files }) => sum + files, 0);
  const missing = upload.filesChosen - accounted;
  if (missing > 0) lines.push({ files: missing, words: 'not there yet', tone: 'warn' });
  return { chosen: Math.max(upload.filesChosen, 0), lines };
}

function countOf(counts: readonly { reason: string; files: number }[], wanted: string): number {
  return counts.find(({ reason }) => reason === wanted)?.files ?? 0;
}

/** Files that came in addition to those chosen last: from another disc under the same upload. */
export function beyondChosen(upload: UploadProgress): number {
  const { lines } = billOf(upload);
  return Math.max(0, lines.reduce((sum, { files }) => sum + files, 0) - upload.filesChosen);
}

/** What the disc's own list names beyond the files chosen, as a sentence; '' when it names nothing more. */
export function listedMissingWords({ listedMissing }: UploadProgress): string {
  if (!(listedMissing > 0)) return '';
  const were = listedMissing === 1 ? 'was' : 'were';
  return `The disc's own list names ${formatCount(listedMissing, 'image')} that ${were} not in what was chosen.`;
}

/** Files of this upload that the server has looked at. */
export function understoodFiles(upload: UploadProgress): number {
  return upload.instancesArrived + upload.setAside.reduce((sum, { files }) => sum + files, 0);
}
