/** The second thread of an imaging process: it ends the process when its parent is gone or its memory too large. */

import { workerData } from 'node:worker_threads';

const EVERY_MS = 200;
const { memoryBytes, parent }: { memoryBytes: number; parent: number } = workerData;
const never = new Int32Array(new SharedArrayBuffer(4));

while (process.ppid === parent && process.memoryUsage.rss() < memoryBytes) {
  Atomics.wait(never, 0, 0, EVERY_MS);
}
process.kill(process.pid, 'SIGKILL');
