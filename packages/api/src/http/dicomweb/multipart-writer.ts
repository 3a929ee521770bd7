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

/** A multipart/related body (RFC 2387, PS3.18 8.6.1.2), streamed part by part. */
export function multipart(type: string, parts: readonly Part[]): Multipart {
  const boundary = randomBytes(16).toString('hex');
  const heads = parts.map((part, i) => {
    const lines = Object.entries(part.headers).map(([name, value]) => `${name}: ${value}\r\n`);
    return Buffer.from(`${i === 0 ? '' : '\r\n'}--${boundary}\r\n${lines.join('')}\r\n`);
  });
  const end = Buffer.from(`\r\n--${boundary}--\r\n`);
  async function* body() {
    for (const [i, part] of parts.entries()) {
      if (part.ready && !(await part.ready())) continue;
      const head = heads[i];
      if (head) yield head;
      yield* part.bytes();
    }
    yield end;
  }
  const known = parts.every((part) => part.size !== null);
  const size = end.length + heads.reduce((sum, head, i) => sum + head.length + (parts[i]?.size ?? 0), 0);
  return {
    contentType: `multipart/related; type="${type}"; boundary=${boundary}`,
    size: known ? size : null,
    body: body(),
  };
}
