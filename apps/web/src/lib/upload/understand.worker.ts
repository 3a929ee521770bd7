/** Reads discs beside the page, so that the page answers while thousands of files are looked at. */

import { sealPack, unreadableFiles } from './content-key.ts';
import { type FoundFile, understandFile } from './understand-file.ts';
import type { Answer, Numbered, Question } from './worker-messages.ts';

/** Files read at the same time: hides the latency of a disc without making its head jump about. */
const AT_ONCE = 4;

async function understand(files: Extract<Question, { kind: 'understand' }>['files']): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  const waiting = files.values();
  const lane = async () => {
    for (const { file, at } of waiting) found.push(await understandFile(file, at));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return found;
}

async function answer(question: Question): Promise<Answer> {
  if (question.kind === 'understand') return { kind: 'understood', found: await understand(question.files) };
  try {
    return { kind: 'sealed', pack: await sealPack(question.parts) };
  } catch {
    return { kind: 'unreadable', places: await unreadableFiles(question.parts.files) };
  }
}

self.onmessage = async ({ data: { number, content } }: MessageEvent<Numbered<Question>>) => {
  const message: Numbered<Answer> = { number, content: await answer(content) };
  self.postMessage(message);
};
