import { randomBytes } from 'node:crypto';

/** A part of a multipart/related answer: its headers, its length and its bytes as they come. */
export interface Part {
  headers: Record<string, string>;
  /** Bytes; null where only making the part tells. */
  size: number | null;
  /** Asked before anything of it leaves: false leaves the part out. Only for those of unknown length. */
  ready?(): Promise<boolean>;
  bytes(): AsyncIterable<Uint8Array>;
}

export interface Multipart {
  contentType: string;
  /** Bytes of the whole; null when a part's length is not known beforehand. */
  size: number | null;
  body: AsyncIterable<Uint8Array>;
}

/**
 * A multipart/related body (RFC 2387, PS3.18 8.6.1.2), streamed part by part. Parts that are made on the way, and not
 * listed beforehand, have no size together.
 */
export function multipart(type: string, parts: Iterable<Part>): Multipart {
  const boundary = randomBytes(16).toString('hex');
  const listed: readonly Part[] | null = Array.isArray(parts) ? parts : null;
  const headOf = (part: Part, isFirst: boolean) => {
    const lines = Object.entries(part.headers).map(([name, value]) => `${name}: ${value}\r\n`);
    return Buffer.from(`${isFirst ? '' : '\r\n'}--${boundary}\r\n${lines.join('')}\r\n`);
  };
  const end = Buffer.from(`\r\n--${boundary}--\r\n`);
  async function* body() {
    let isFirst = true;
    for (const part of parts) {
      if (part.ready && !(await part.ready())) continue;
      yield headOf(part, isFirst);
      isFirst = false;
      yield* part.bytes();
    }
    yield end;
  }
  const size = listed?.every((part) => part.size !== null)
    ? listed.reduce((sum, part, i) => sum + headOf(part, i === 0).length + (part.size ?? 0), end.length)
    : null;
  return {
    contentType: `multipart/related; type="${type}"; boundary=${boundary}`,
    size,
    body: body(),
  };
}
