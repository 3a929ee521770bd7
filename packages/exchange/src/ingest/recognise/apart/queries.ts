import { Worker } from 'node:worker_threads';
import type { HeadReading, Stretch } from '../head/schema.ts';
import type { ThreadAnswer } from './schema.ts';

const LONGEST_MS = 60_000;
const MOST_HEAP_MB = 384;

/** The disk failed, not the file; `syscall` is how such errors are known. */
class BlobUnreadable extends Error {
  override readonly name = 'BlobUnreadable';
  readonly syscall = 'read';
}

const tooLarge = (detail: string): HeadReading => ({ kind: 'refused', reason: 'too-large-header', detail });

/** One at a time: each may take what memory it is allowed. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Reads a head larger than ordinary ones in a thread of its own, which ends when it takes too much memory or time:
 * the file is set aside then and nothing else suffers.
 *
 * @throws when the disk fails
 */
export function understandApart(stretch: Stretch): Promise<HeadReading> {
  const turn = last.then(() => askThread(stretch));
  last = turn.catch(() => undefined);
  return turn;
}

async function askThread(stretch: Stretch): Promise<HeadReading> {
  const thread = new Worker(new URL('./jobs.ts', import.meta.url), {
    workerData: stretch,
    resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB },
  });
  try {
    const answer = await answerOf(thread);
    if (answer.kind === 'disk-failed') throw new BlobUnreadable(answer.message);
    return answer;
  } finally {
    await thread.terminate();
  }
}

function answerOf(thread: Worker): Promise<ThreadAnswer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(tooLarge('took too long')), LONGEST_MS);
    thread.once('message', resolve);
    thread.once('error', (error: Error & { code?: string }) => {
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') resolve(tooLarge('took too much memory'));
      else reject(error);
    });
    thread.once('exit', () => clearTimeout(timer));
  });
}
