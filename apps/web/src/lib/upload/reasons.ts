import { REFUSAL_SENTENCES } from '@filmpost/dicom/refusals.ts';
import { setAsideSentence } from '@filmpost/exchange/ingest/rules.ts';
import { CONTAINER_REFUSALS, ENTRY_REFUSALS } from '@filmpost/media/reading/refusals.ts';
import { NOT_TICKED } from './manifest.ts';

/** What litters every disc; nobody needs to look at these files. */
const LITTER: Record<string, string> = {
  'not-dicom': 'not medical images: viewer programs, help pages and the like',
  dicomdir: 'tables of contents; the images they list are taken on their own',
  empty: 'empty files',
};

const OWN: Record<string, string> = {
  unreadable: 'The disc does not give this file up; it may be scratched, or the file was changed meanwhile.',
  [NOT_TICKED]: 'Its exam was not ticked.',
};

const NOT_TICKED_WORDS = 'images of exams that were not ticked';

/** Whether a reason tells of a file that somebody should look after, and not of litter or of somebody's choice. */
export function isDamage(reason: string): boolean {
  return !Object.hasOwn(LITTER, reason) && reason !== NOT_TICKED;
}

/** Whether a reason tells of an archive or disc image, or of a file locked in one: what is in it nobody knows. */
export function isClosed(reason: string): boolean {
  return Object.hasOwn(CONTAINER_REFUSALS, reason) || Object.hasOwn(ENTRY_REFUSALS, reason);
}

/** A whole sentence about one file that was left out in the browser. */
export function leftOutSentence(reason: string): string {
  const sentences: Record<string, string> = {
    ...REFUSAL_SENTENCES,
    ...CONTAINER_REFUSALS,
    ...ENTRY_REFUSALS,
    ...OWN,
  };
  // Whoever sends may say any word for a reason, an inherited one too.
  return (Object.hasOwn(sentences, reason) && sentences[reason]) || setAsideSentence(reason);
}

/** Words that follow a count of files: `598 …`. */
export function leftOutWords(reason: string): string {
  return (
    (Object.hasOwn(LITTER, reason) && LITTER[reason]) ||
    (reason === NOT_TICKED ? NOT_TICKED_WORDS : leftOutSentence(reason))
  );
}
