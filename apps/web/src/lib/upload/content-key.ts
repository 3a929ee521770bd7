import { MOST_PACK_BYTES } from './packs.ts';

/** A pack ready to travel, and the key by which the server knows these very bytes again. */
export interface SealedPack {
  key: string;
  body: Blob;
}

/** What a pack is made of, in a form that can be handed to a worker. */
export interface PackParts {
  head: Uint8Array<ArrayBuffer>;
  files: readonly Blob[];
}

const SAMPLE_BYTES = 1024 * 1024;
const HEAD_ALLOWANCE = 64 * 1024;

/**
 * Reads a pack once, from the disc into memory, so that what was hashed is what is sent. Larger than a pack's usual
 * size it stays on the disc, and head, size, first and last MiB stand for it: a DICOM file's first MiB holds its
 * SOP Instance UID.
 *
 * Rejects with the browser's DOMException when a file cannot be read.
 */
export async function sealPack({ head, files }: PackParts): Promise<SealedPack> {
  const whole = new Blob([head, ...files]);
  if (whole.size <= MOST_PACK_BYTES + HEAD_ALLOWANCE) {
    const bytes = await whole.arrayBuffer();
    return { key: await keyOf(bytes), body: new Blob([bytes]) };
  }
  const first = whole.slice(0, head.length + SAMPLE_BYTES);
  const sample = new Blob([String(whole.size), first, whole.slice(-SAMPLE_BYTES)]);
  return { key: await keyOf(await sample.arrayBuffer()), body: whole };
}

/** SHA-256, hexadecimal. */
async function keyOf(bytes: ArrayBuffer): Promise<string> {
  // Browsers hash only on secure origins. Elsewhere nothing is known again after a reload, and all else works.
  const digest = globalThis.crypto.subtle
    ? new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
    : crypto.getRandomValues(new Uint8Array(32));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The places of those files that cannot be read to their end; reads one piece at a time. */
export async function unreadableFiles(files: readonly Blob[]): Promise<number[]> {
  const unreadable: number[] = [];
  for (const [place, file] of files.entries()) {
    if (!(await readsToTheEnd(file))) unreadable.push(place);
  }
  return unreadable;
}

async function readsToTheEnd(file: Blob): Promise<boolean> {
  try {
    for (let at = 0; at < file.size; at += SAMPLE_BYTES)
      await file.slice(at, at + SAMPLE_BYTES).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}
