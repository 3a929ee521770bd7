import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { Exchange } from '@filmpost/exchange/exchange.ts';

/** What a facility holds, counted as discs are: distinct patients, studies, series and instances. */
export interface Holdings {
  patients: number;
  studies: number;
  series: number;
  instances: number;
}

export async function holdingsOf({ db }: Exchange, facilityId: string): Promise<Holdings> {
  const rows = await db
    .selectFrom('instance')
    .innerJoin('study', 'study.id', 'instance.studyId')
    .select(['study.patientId', 'instance.studyId', 'instance.seriesId', 'instance.id'])
    .where('study.facilityId', '=', facilityId)
    .execute();
  const distinct = (of: (row: (typeof rows)[number]) => string | number) => new Set(rows.map(of)).size;
  return {
    patients: distinct((row) => row.patientId),
    studies: distinct((row) => row.studyId),
    series: distinct((row) => row.seriesId),
    instances: distinct((row) => row.id),
  };
}

/** SHA-256 of every instance of a facility, hashed anew from the bytes on disk and sorted; what is there twice is twice. */
export async function storedDigests({ db, blobs }: Exchange, facilityId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('instance')
    .innerJoin('study', 'study.id', 'instance.studyId')
    .select(['instance.blobId', 'instance.byteOffset', 'instance.byteLength'])
    .where('study.facilityId', '=', facilityId)
    .execute();
  const digests: string[] = [];
  for (const { blobId, byteOffset, byteLength } of rows) {
    await using file = await open(blobs.path(blobId));
    const bytes = Buffer.alloc(byteLength);
    await file.read(bytes, 0, byteLength, byteOffset);
    digests.push(sha256(bytes));
  }
  return digests.sort();
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
