import { type ByteSource, paged } from './byte-source.ts';
import type { ContainedFile } from './contained-file.ts';
import { listIso } from './iso-listing.ts';
import { pointsOutside } from './outward-names.ts';
import { UnreadableContainer } from './refusals.ts';
import { listUdf } from './udf-listing.ts';

/**
 * The files of a disc image, `.iso` in most hands: UDF, ISO 9660, or both over the same files (a bridge disc). UDF goes
 * first, since the ISO half of some discs says only that the disc wants a reader of UDF.
 *
 * @throws UnreadableContainer
 */
export async function listDiscImage(source: ByteSource): Promise<ContainedFile[]> {
  const small = paged(source);
  let failure: unknown = new UnreadableContainer('image-broken');
  for (const list of [listUdf, listIso]) {
    try {
      const files = await list(small);
      if (files) return files.map(refusingOutward);
    } catch (error) {
      if (!(error instanceof UnreadableContainer)) throw error;
      failure = error;
    }
  }
  throw failure;
}

function refusingOutward(file: ContainedFile): ContainedFile {
  return pointsOutside(file.path) ? { ...file, refusal: file.refusal ?? 'archive-name' } : file;
}
