/** Reads discs beside the page, so that the page answers while thousands of files are looked at. */

import { pieceOf, sealPack } from './content-key.ts';
import { ByteSources } from './disc/byte-sources.ts';
import { compareWithLists } from './disc/disc-lists.ts';
import { openContainer } from './disc/open-container.ts';
import { Turns } from './turns.ts';
import { type FoundFile, understandFile } from './understand-file.ts';
import type { Answers, Numbered, Question } from './worker-messages.ts';

/** Files read at the same time by one worker: hides the latency of a disc without making its head jump about. */
const AT_ONCE = 2;
const sources = new ByteSources();
/** Packs are read one after the other: the first can leave while the disc is busy with the next. */
const sealing = new Turns(1);

async function understand(files: Extract<Question, { kind: 'understand' }>['files']): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  const waiting = files.values();
  const lane = async () => {
    for (const { bytes, at } of waiting) found.push(await understandFile(sources.open(bytes), at));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return found;
}

async function answer(question: Question): Promise<Answers[Question['kind']]> {
  switch (question.kind) {
    case 'understand':
      return understand(question.files);
    case 'open':
      return openContainer(sources.open(question.bytes), question.container, question.depth);
    case 'seal':
      return sealing.take(() => sealPack(question, sources));
    case 'piece':
      return pieceOf(question.parts, question, sources).catch(() => null);
    case 'compare':
      return compareWithLists(question, sources);
    case 'picture': {
      // Most of its code is only needed by discs that have pictures, and never before they were counted.
      const { pictureOf } = await import('./picture/picture-of.ts');
      return pictureOf(sources.open(question.bytes)).catch(() => null);
    }
  }
}

self.onmessage = async ({ data: { number, content } }: MessageEvent<Numbered<Question>>) => {
  const message: Numbered<Answers[Question['kind']]> = { number, content: await answer(content) };
  self.postMessage(message);
};
