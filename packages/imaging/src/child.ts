/**
 * An imaging process: one task at a time, from strangers' bytes to pixels. It holds no secret, writes nothing, and
 * ends with its parent, with its channel, and when its watch finds it too large.
 */

import { writeFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { decode } from './decode.ts';
import { explicitForm } from './explicit-form.ts';
import { processTools } from './process-tools.ts';
import { NoPicture } from './refusals.ts';
import { render } from './render.ts';
import type { Answers, Reply, Task } from './tasks.ts';

process.on('disconnect', () => process.exit(0));
if (!process.connected) process.exit(0);

// The main thread may be deep in a codec, so another one looks after it.
new Worker(new URL('./child-watch.ts', import.meta.url), {
  workerData: { memoryBytes: Number(process.argv[2]), parent: process.ppid },
  resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 },
}).unref();
offerToTheKernel();

process.on('message', (task: Task) => process.send?.(replyTo(task)));

function replyTo(task: Task): Reply {
  try {
    return { answer: answerTo(task) };
  } catch (error) {
    // Whatever else is thrown came of the bytes: an array too long, a value out of range.
    return { refused: error instanceof NoPicture ? error.reason : 'damaged' };
  }
}

function answerTo(task: Task): Answers[Task['kind']] {
  switch (task.kind) {
    case 'decode':
      return decode(task.frame, processTools);
    case 'render':
      return render(task.order);
    case 'explicit':
      return explicitForm(task.instance, processTools);
  }
}

/** Where memory runs out on Linux, this process goes first, not the one with the connections. */
function offerToTheKernel(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // Another system, or no right to.
  }
}
