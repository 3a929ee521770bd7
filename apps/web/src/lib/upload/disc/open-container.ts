import { type ContainedFile, LIMITS } from '@filmpost/media/reading/contained-file.ts';
import { listDiscImage } from '@filmpost/media/reading/disc-image-listing.ts';
import type { ContainerKind } from '@filmpost/media/reading/recognise.ts';
import { type ContainerRefusal, UnreadableContainer } from '@filmpost/media/reading/refusals.ts';
import { listZip } from '@filmpost/media/reading/zip-listing.ts';
import type { ByteSource } from '@filmpost/media/reading/byte-source.ts';
import { NotAsPromised } from './inflating.ts';

/** What a container turned out to be. */
export type Opened =
  | { kind: 'files'; files: ContainedFile[] }
  /** A program or a document that only uses the form of an archive. */
  | { kind: 'no-archive' }
  | { kind: 'refused'; reason: ContainerRefusal | 'archive-damaged' | 'unreadable' };

/** Entries by which a JAR, an Office document, an EPUB or an Android program is known. */
const PACKAGES = ['META-INF/MANIFEST.MF', '[Content_Types].xml', 'mimetype', 'AndroidManifest.xml'];

/** Lists a container. @param depth containers around it. Never throws. */
export async function openContainer(source: ByteSource, kind: ContainerKind, depth: number): Promise<Opened> {
  if (kind === 'other') return { kind: 'refused', reason: 'archive-unknown' };
  if (kind === 'raw-image') return { kind: 'refused', reason: 'image-raw' };
  if (depth >= LIMITS.depth) return { kind: 'refused', reason: 'archive-too-deep' };
  try {
    if (kind === 'disc-image') return { kind: 'files', files: await listDiscImage(source) };
    const files = await listZip(source);
    return files.some(({ path }) => PACKAGES.includes(path))
      ? { kind: 'no-archive' }
      : { kind: 'files', files };
  } catch (error) {
    if (error instanceof UnreadableContainer) return { kind: 'refused', reason: error.reason };
    return { kind: 'refused', reason: error instanceof NotAsPromised ? 'archive-damaged' : 'unreadable' };
  }
}
