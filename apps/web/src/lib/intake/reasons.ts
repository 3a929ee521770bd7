import { setAsideSentence } from '@filmpost/exchange/ingest/rules.ts';
import type { UploadProgress } from '@filmpost/exchange/intake/schema.ts';
import { leftOutSentence } from '#lib/upload/reasons.ts';

export interface Reason {
  sentence: string;
  files: number;
  names?: string[];
}

/** A file that was set aside, as `uploads.setAside` tells it. */
export interface SetAside {
  name: string;
  sentence: string;
}

/** Of what was set aside, the images that came before: nothing is missing, and nobody has to look. */
export const DUPLICATE = 'duplicate';

/** Set-aside files by reason, most frequent first; from the counts alone while the names are not there. */
export function setAsideReasons(upload: UploadProgress, files: readonly SetAside[]): Reason[] {
  return upload.setAside
    .filter(({ reason }) => reason !== DUPLICATE)
    .map(({ reason, files: count }) => {
      const sentence = setAsideSentence(reason);
      const names = files.filter((file) => file.sentence === sentence).map(({ name }) => name);
      return { sentence, files: count, names };
    })
    .sort((one, other) => other.files - one.files);
}

/** How many images are in the archive from before, byte for byte: found out here, or before they were sent. */
export function duplicateCount({ setAside, leftOut }: UploadProgress): number {
  return [...setAside, ...leftOut].reduce(
    (sum, { reason, files }) => sum + (reason === DUPLICATE ? files : 0),
    0,
  );
}

/** What the sender's browser left behind, by reason, most frequent first; not what was here already. */
export function leftOutReasons(upload: UploadProgress): Reason[] {
  return upload.leftOut
    .filter(({ reason }) => reason !== DUPLICATE)
    .map(({ reason, files }) => ({ sentence: leftOutSentence(reason), files }))
    .sort((one, other) => other.files - one.files);
}
