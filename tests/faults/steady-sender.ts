import { hash } from 'node:crypto';
import { packHead } from '@filmpost/media/pack.ts';
import { Upload } from 'tus-js-client';
import type { FileToStore } from '../world/stored.ts';
import type { Papers } from '../world/visitors.ts';

/** Small enough that a pack takes a dozen requests. */
const CHUNK_BYTES = 64 * 1024;

export interface Pack {
  key: string;
  bytes: Buffer;
}

export function packOf(files: readonly FileToStore[]): Pack {
  const head = packHead(files.map(({ path, bytes }) => ({ name: path, size: bytes.length })));
  const bytes = Buffer.concat([head, ...files.map((file) => file.bytes)]);
  return { key: hash('sha256', bytes), bytes };
}

interface Sending {
  url: string;
  papers: Papers;
  uploadId: string;
  /** Told of bytes as they leave, across all attempts. */
  onBytes(bytes: number): void;
  /** Settles when it is worth trying again. */
  recovered(): Promise<void>;
}

/**
 * Sends a pack as the page does: asks what is there already, goes on from it, and begins again whenever the server
 * is gone. Returns how often it had to.
 */
export async function sendSteadily(pack: Pack, sending: Sending): Promise<number> {
  for (let attempts = 0; ; attempts++) {
    try {
      const known = (await stored(sending)).find(({ contentKey }) => contentKey === pack.key);
      if (known?.complete) return attempts;
      await sendOnce(pack, sending, known?.blobId);
      return attempts;
    } catch {
      await sending.recovered();
    }
  }
}

interface StoredPack {
  contentKey: string;
  blobId: string;
  complete: boolean;
}

async function stored({ url, papers, uploadId }: Sending): Promise<StoredPack[]> {
  const input = encodeURIComponent(JSON.stringify({ uploadId }));
  const response = await fetch(`${url}/trpc/uploads.stored?input=${input}`, { headers: papers });
  const answer: { result: { data: StoredPack[] } } = await response.json();
  return answer.result.data;
}

function sendOnce({ key, bytes }: Pack, sending: Sending, blobId: string | undefined): Promise<void> {
  const { url, papers, uploadId, onBytes } = sending;
  let seen = 0;
  return new Promise((resolve, reject) => {
    const upload = new Upload(bytes, {
      endpoint: `${url}/files`,
      uploadUrl: blobId ? `${url}/files/${blobId}` : null,
      headers: papers,
      metadata: { upload: uploadId, key },
      chunkSize: CHUNK_BYTES,
      uploadDataDuringCreation: true,
      retryDelays: null,
      onProgress: (sent) => {
        if (sent > seen) onBytes(sent - seen);
        seen = Math.max(seen, sent);
      },
      onSuccess: () => resolve(),
      onError: reject,
    });
    upload.start();
  });
}
