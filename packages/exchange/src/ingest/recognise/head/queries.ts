import { readSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { frameLayout } from '@filmpost/dicom/frames.ts';
import type { Head } from '@filmpost/dicom/head.ts';
import { readHeadFrom } from '@filmpost/dicom/read-head-from.ts';
import { JsonTooLong } from '@filmpost/dicom/json.ts';
import type { ReadHeadOptions } from '@filmpost/dicom/reading.ts';
import { servedStart } from '@filmpost/dicom/served-start.ts';
import { describe, isPlausibleUid } from '../../rules.ts';
import type { HeadReading, Stretch } from './schema.ts';

interface How {
  limits: ReadHeadOptions;
  /** As much of the file's beginning as is at hand anyway. */
  beginning?: Uint8Array;
}

/** What is understood of a file by its head: read from an open blob, no further than that takes. */
export async function understandHead(stretch: Stretch, how: How): Promise<HeadReading> {
  try {
    return await readingOf(stretch, how);
  } catch (error) {
    if (error instanceof JsonTooLong)
      return { kind: 'refused', reason: 'too-large-header', detail: error.message };
    throw error;
  }
}

async function readingOf(stretch: Stretch, { limits, beginning }: How): Promise<HeadReading> {
  const readAt = (offset: number, length: number) => readNow(stretch, offset, length);
  const file = { size: stretch.size, read: async (...range: [number, number]) => readAt(...range) };
  const result = await readHeadFrom(beginning ? { ...file, beginning } : file, { inflate, ...limits });
  if (result.kind === 'refused') return result;
  if (result.kind === 'more') return { kind: 'refused', reason: 'truncated', detail: '' };
  const { head } = result;
  if (!identities(head).every(isPlausibleUid)) return { kind: 'refused', reason: 'no-identity', detail: '' };
  const { bulkData } = head;
  return {
    kind: 'instance',
    instance: {
      ...describe(head),
      preamble: head.preamble,
      frameLayout: frameLayout(head, readAt),
      bulkData: bulkData.length > 0 ? bulkData : null,
      metadata: head.json,
    },
    start: servedStart(head, beginning ?? readAt(0, 132)),
  };
}

function identities(head: Head): string[] {
  const { studyInstanceUid, seriesInstanceUid, sopInstanceUid, sopClassUid, transferSyntaxUid } = head;
  return [studyInstanceUid, seriesInstanceUid, sopInstanceUid, sopClassUid, transferSyntaxUid];
}

/** Bounded: a bomb ends at `maxOutput` bytes with a RangeError (PS3.5 A.5; threats T9). */
export function inflate(bytes: Uint8Array, maxOutput: number): Uint8Array {
  return inflateRawSync(bytes, { maxOutputLength: maxOutput });
}

function readNow({ fd, offset: start, size }: Stretch, offset: number, length: number): Buffer {
  const wanted = Math.max(0, Math.min(length, size - offset));
  const bytes = Buffer.allocUnsafe(wanted);
  return bytes.subarray(0, wanted > 0 ? readSync(fd, bytes, 0, wanted, start + offset) : 0);
}
