import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { servedBytes } from '../../../archive/reading/queries.ts';
import type { Exchange } from '../../../exchange.ts';
import { documentLength, documentPlace } from '../rules.ts';
import type { DescribedInstance } from '../schema.ts';

/** A document within an instance, as a file of its own. */
export interface EmbeddedReport {
  /** Within the instance as it leaves. */
  offset: number;
  size: number;
  crc32: number;
  /** Lower case hexadecimal. */
  sha256: string;
}

/** The PDF that an instance encapsulates, without its padding; null where there is none. Reads it once. */
export async function embeddedReport(
  exchange: Exchange,
  { instance, dataSet }: DescribedInstance,
): Promise<EmbeddedReport | null> {
  const place = documentPlace(instance);
  if (!place) return null;
  const served = await exchange.db
    .selectFrom('instance')
    .select(['blobId', 'byteOffset', 'byteLength', 'servedHead', 'servedSkip'])
    .where('id', '=', instance.id)
    .executeTakeFirstOrThrow();
  const { offset } = place;
  let last = -1;
  const end = { offset: offset + place.length - 1, length: 1 };
  for await (const bytes of servedBytes(exchange, served, end)) last = bytes.at(-1) ?? last;
  const size = documentLength(dataSet, place.length, last);
  const digest = createHash('sha256');
  let checksum = 0;
  let beginning = '';
  for await (const bytes of servedBytes(exchange, served, { offset, length: size })) {
    if (beginning === '') beginning = Buffer.from(bytes.subarray(0, 5)).toString('latin1');
    digest.update(bytes);
    checksum = crc32(bytes, checksum);
  }
  return beginning === '%PDF-' ? { offset, size, crc32: checksum, sha256: digest.digest('hex') } : null;
}
