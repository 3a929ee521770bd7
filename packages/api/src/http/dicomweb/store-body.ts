import { open } from 'node:fs/promises';
import { letGo, writeWhole } from '@filmpost/exchange/blobs.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { diskTakesBytes } from '@filmpost/exchange/intake/limits/queries.ts';
import { blobTerminated } from '@filmpost/exchange/intake/blobs/commands.ts';
import { mediaType } from './accept.ts';
import { BadRequest } from './bad-request.ts';
import { PartFinder, type PartRange, boundaryOf } from './multipart-reader.ts';

/** What a store request may hold at most; Infinity for no limit. */
export interface StoreLimits {
  bodyBytes: number;
  instanceBytes: number;
}

/** The body, or one instance in it, is larger than is taken. Answered with 413. */
export class TooLarge extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TooLarge';
  }
}

/** The body is of a kind that is not taken. Answered with 415. */
export class UnsupportedBody extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnsupportedBody';
  }
}

/** Finds the instances in a body while it streams past. */
export interface InstanceFinder {
  push(chunk: Uint8Array): void;
  /** Bytes of the largest instance so far, be it whole or still coming. */
  readonly largest: number;
  readonly complete: boolean;
  readonly parts: readonly PartRange[];
}

const DICOM = 'application/dicom';
const METADATA = /^application\/(?:dicom\+)?(?:json|xml)$/;

/**
 * Who finds the instances in a body by its headers (PS3.18 10.5.1.2): the parts of multipart/related, or one file.
 * @throws UnsupportedBody @throws BadRequest without a boundary
 */
export function finderFor(headers: Headers): InstanceFinder {
  const coding = headers.get('content-encoding') ?? 'identity';
  if (coding !== 'identity') throw new UnsupportedBody('Send the body without a Content-Encoding.');
  const contentType = headers.get('content-type') ?? '';
  const { type, parameters } = mediaType(contentType);
  if (type === DICOM) return new OneFile();
  const part = mediaType(parameters.type ?? DICOM).type;
  if (METADATA.test(type) || METADATA.test(part)) {
    throw new UnsupportedBody(
      'Instances are stored as DICOM files (application/dicom), not as metadata with separate bulk data.',
    );
  }
  if (type !== 'multipart/related' || part !== DICOM) {
    throw new UnsupportedBody(
      'Send multipart/related; type="application/dicom" with a boundary, or one application/dicom.',
    );
  }
  return new PartFinder(boundaryOf(contentType));
}

/** A body that is one DICOM file, whole. */
class OneFile implements InstanceFinder {
  largest = 0;
  readonly complete = true;

  push(chunk: Uint8Array): void {
    this.largest += chunk.length;
  }

  get parts(): PartRange[] {
    return [{ start: 0, end: this.largest }];
  }
}

interface Coming {
  body: AsyncIterable<Uint8Array>;
  finder: InstanceFinder;
  limits: StoreLimits;
}

const WRITE_BYTES = 1024 * 1024;

/**
 * Writes the whole body to a blob, or nothing of it: what breaks off, is malformed or too large leaves no bytes behind.
 * @returns its length in bytes
 * @throws BadRequest @throws TooLarge
 */
export async function receiveBody(exchange: Exchange, blobId: string, coming: Coming): Promise<number> {
  try {
    const size = await writeBody(exchange, blobId, coming);
    const { complete, parts } = coming.finder;
    if (!complete) throw new BadRequest('The multipart body ended before its closing boundary.');
    if (parts.length === 0) throw new BadRequest('The body holds no instance.');
    return size;
  } catch (error) {
    await blobTerminated(exchange, blobId);
    throw error;
  }
}

async function writeBody(
  exchange: Exchange,
  blobId: string,
  { body, finder, limits }: Coming,
): Promise<number> {
  await using file = await open(exchange.blobs.path(blobId), 'wx');
  let position = 0;
  let waiting: Uint8Array[] = [];
  let length = 0;
  const flush = async () => {
    if (length === 0) return;
    await diskTakesBytes(exchange, length);
    position += await writeWhole(file, waiting, position);
    // The finder still looks at the end of the last one.
    waiting.slice(0, -1).forEach(letGo);
    waiting = [];
    length = 0;
  };
  for await (const chunk of body) {
    finder.push(chunk);
    waiting.push(chunk);
    length += chunk.length;
    if (position + length > limits.bodyBytes) throw new TooLarge(tooMuch('request', limits.bodyBytes));
    if (finder.largest > limits.instanceBytes) throw new TooLarge(tooMuch('instance', limits.instanceBytes));
    if (length >= WRITE_BYTES) await flush();
  }
  await flush();
  return position;
}

/** A sentence for 413. */
export function tooMuch(what: 'request' | 'instance', bytes: number): string {
  return `One ${what} may have at most ${bytes} bytes here.`;
}
