/** The thread in which a head is read that may be out to harm: its memory and its time are limited from outside. */

import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { understandHead } from '../head/queries.ts';
import type { ThreadAnswer } from './schema.ts';

/** Several times the metadata of the largest multi-frame heads, in characters. */
const LONGEST_METADATA = 32 * 1024 * 1024;

const stretch = z.object({ fd: z.number(), offset: z.number(), size: z.number() });

async function answer(): Promise<ThreadAnswer> {
  try {
    return await understandHead(stretch.parse(workerData), { limits: { maxJsonLength: LONGEST_METADATA } });
  } catch (error) {
    // Errors lose what they carry on their way between threads; whoever asked must tell a disk from a file.
    if (error instanceof Error && 'syscall' in error) return { kind: 'disk-failed', message: error.message };
    throw error;
  }
}

parentPort?.postMessage(await answer());
