import type { ContainedFile } from '@filmpost/media/reading/contained-file.ts';
import type { EntryRefusal } from '@filmpost/media/reading/refusals.ts';
import type { DiscBytes, DiscFile } from './disc-file.ts';

let inflatedSoFar = 0;

/** A file of a container, and why it stays there if it does. */
export interface Unpacked {
  file: DiscFile;
  refusal: EntryRefusal | null;
}

/** The files of a container as files of the disc it was found on. */
export function unpacked(container: DiscFile, contents: readonly ContainedFile[]): Unpacked[] {
  return contents.map((contained) => ({
    file: {
      path: `${container.path}/${contained.path}`,
      size: contained.size,
      bytes: bytesOf(container.bytes, contained),
      crc32: contained.crc32,
      depth: container.depth + 1,
    },
    refusal: contained.refusal,
  }));
}

function bytesOf(of: DiscBytes, { extents, size, deflated }: ContainedFile): DiscBytes {
  if (!deflated) return { kind: 'stretches', of, extents, size };
  const packedSize = extents.reduce((sum, { length }) => sum + length, 0);
  const packed: DiscBytes = { kind: 'stretches', of, extents, size: packedSize };
  return { kind: 'inflated', packed, size, id: inflatedSoFar++ };
}
