import type { ByteSource } from '@filmpost/media/reading/byte-source.ts';
import type { ContainedFile } from '@filmpost/media/reading/contained-file.ts';
import { listDiscImage } from '@filmpost/media/reading/disc-image-listing.ts';
import { containerKind } from '@filmpost/media/reading/recognise.ts';
import { listZip } from '@filmpost/media/reading/zip-listing.ts';
import type { PickedFile } from '#lib/ui/dropped-files.ts';

/** A file of the package where it lies; nothing is read until it is opened. */
export interface PackageFile {
  path: string;
  /** In bytes, as folder or container say. */
  size: number;
  /** Null when it cannot be read at all. */
  open: (() => ReadableStream<Uint8Array<ArrayBuffer>>) | null;
}

/** Enough to tell a ZIP or a disc image by. */
const BEGINNING = 64 * 1024;

/** The files of what was chosen: a ZIP, a disc image, or a folder. @throws UnreadableContainer, DOMException */
export async function packageFiles(picked: readonly PickedFile[]): Promise<PackageFile[]> {
  const [only] = picked;
  if (picked.length === 1 && only) {
    const kind = containerKind(await bytesOf(only.file.slice(0, BEGINNING)));
    if (kind === 'zip') return contained(only.file, await listZip(sourceOf(only.file)));
    if (kind === 'disc-image') return contained(only.file, await listDiscImage(sourceOf(only.file)));
  }
  return picked.map(({ file, path }) => ({ path, size: file.size, open: () => file.stream() }));
}

function contained(container: Blob, files: readonly ContainedFile[]): PackageFile[] {
  return files.map((file) => ({
    path: file.path,
    size: file.size,
    open: file.refusal === null ? () => streamOf(container, file) : null,
  }));
}

function streamOf(
  container: Blob,
  { extents, deflated }: ContainedFile,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const stored = new Blob(extents.map(({ offset, length }) => container.slice(offset, offset + length)));
  // A package is stored; somebody may have packed it anew.
  return deflated ? stored.stream().pipeThrough(new DecompressionStream('deflate-raw')) : stored.stream();
}

function sourceOf(file: Blob): ByteSource {
  return { size: file.size, read: (offset, length) => bytesOf(file.slice(offset, offset + length)) };
}

async function bytesOf(blob: Blob): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await blob.arrayBuffer());
}
