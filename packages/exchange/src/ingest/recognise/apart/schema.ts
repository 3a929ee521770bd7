import type { HeadReading } from '../head/schema.ts';

/** What the thread answers: a reading, or that the disk failed it. */
export type ThreadAnswer = HeadReading | { kind: 'disk-failed'; message: string };
