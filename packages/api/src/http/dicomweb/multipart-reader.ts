import { BadRequest } from './bad-request.ts';

const HEADERS_END = Buffer.from('\r\n\r\n');
const MOST_HEADER_BYTES = 16 * 1024;
const MOST_PARTS = 20_000;

/** A part of a multipart body: its bytes lie from `start` to `end` of the body. */
export interface PartRange {
  start: number;
  end: number;
}

/** The boundary of a multipart/related content type (RFC 2046 5.1.1). @throws BadRequest */
export function boundaryOf(contentType: string): string {
  const match = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2];
  if (!/^multipart\/related\b/i.test(contentType) || !boundary) {
    throw new BadRequest('Send multipart/related with a boundary.');
  }
  return boundary;
}

/**
 * Finds the parts of a multipart body while it streams past, so that the body is written once, as it came, and each
 * part is a stretch of it. Keeps only as many bytes as a delimiter or a header may be split over.
 */
export class PartFinder {
  readonly #delimiter: Buffer;
  readonly parts: PartRange[] = [];
  #state: 'preamble' | 'headers' | 'content' | 'done' = 'preamble';
  /** Bytes not yet decided upon, and where in the body they begin. */
  #rest: Buffer;
  #restAt: number;
  #contentStart = 0;
  #largest = 0;

  constructor(boundary: string) {
    this.#delimiter = Buffer.from(`\r\n--${boundary}`);
    // The very first delimiter may stand without a line break before it: lend it one.
    this.#rest = Buffer.from('\r\n');
    this.#restAt = -2;
  }

  get complete(): boolean {
    return this.#state === 'done';
  }

  /** Bytes of the largest part, be it whole or still coming. */
  get largest(): number {
    const coming = this.#state === 'content' ? this.#restAt + this.#rest.length - this.#contentStart : 0;
    return Math.max(this.#largest, coming);
  }

  push(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    if (this.#rest.length === 0) this.#rest = bytes;
    else if (this.#straddled(bytes)) this.#rest = Buffer.concat([this.#rest, bytes]);
    else {
      // Nearly always: nothing begins in the few bytes kept back, so the chunk is looked at where it lies.
      this.#restAt += this.#rest.length;
      this.#rest = bytes;
    }
    while (this.#step());
  }

  /** Whether what was kept back and the new bytes must be read as one. */
  #straddled(bytes: Buffer): boolean {
    if (this.#state !== 'content') return true;
    if (this.#rest.length > this.#delimiter.length) return true;
    const seam = Buffer.concat([this.#rest, bytes.subarray(0, this.#delimiter.length)]);
    return seam.includes(this.#delimiter) || bytes.length < this.#delimiter.length;
  }

  #step(): boolean {
    if (this.#state === 'headers') return this.#readHeaders();
    if (this.#state === 'done') {
      this.#drop(this.#rest.length);
      return false;
    }
    const at = this.#rest.indexOf(this.#delimiter);
    if (at < 0 || this.#rest.length < at + this.#delimiter.length + 2) {
      this.#drop(at < 0 ? Math.max(0, this.#rest.length - this.#delimiter.length + 1) : at);
      return false;
    }
    if (this.#state === 'content') this.#close(this.#restAt + at);
    this.#drop(at + this.#delimiter.length);
    this.#state = this.#rest.subarray(0, 2).toString('latin1') === '--' ? 'done' : 'headers';
    return true;
  }

  #readHeaders(): boolean {
    const end = this.#rest.indexOf(HEADERS_END);
    if (end < 0 || end > MOST_HEADER_BYTES) {
      if (this.#rest.length > MOST_HEADER_BYTES) throw new BadRequest('The headers of a part are too long.');
      return false;
    }
    // An empty part's delimiter may share the line break that ended its headers, so that one stays to be found.
    this.#drop(end + HEADERS_END.length - 2);
    this.#contentStart = this.#restAt + 2;
    this.#state = 'content';
    return true;
  }

  #close(end: number): void {
    if (this.parts.length >= MOST_PARTS) throw new BadRequest(`Send at most ${MOST_PARTS} parts at once.`);
    this.parts.push({ start: this.#contentStart, end: Math.max(end, this.#contentStart) });
    this.#largest = Math.max(this.#largest, end - this.#contentStart);
  }

  #drop(bytes: number): void {
    this.#rest = this.#rest.subarray(bytes);
    this.#restAt += bytes;
  }
}
