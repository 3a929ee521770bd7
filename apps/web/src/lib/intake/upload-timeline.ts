import type { UploadProgress } from '@filmpost/exchange/intake/schema.ts';

/** What the last step of an upload is called. */
const END_WORDS: Partial<Record<UploadProgress['state'], string>> = {
  confirmed: 'In your record',
  withdrawn: 'Withdrawn by the sender',
  abandoned: 'Given up after seven days of silence',
};

/** The steps of an upload that have happened, in order, with their moments (ISO 8601). */
export function storyOf(upload: UploadProgress): { word: string; at: string }[] {
  const steps: [word: string, at: string | null][] = [
    ['Opened', upload.createdAt],
    ['First images received', upload.firstByteAt],
    ['Last images received', upload.lastByteAt],
    ['Everything sent', upload.sentAt],
    ['Everything checked', upload.arrivedAt],
    [END_WORDS[upload.state] ?? '', upload.closedAt],
  ];
  return steps.flatMap(([word, at]) => (at === null ? [] : [{ word, at }]));
}
