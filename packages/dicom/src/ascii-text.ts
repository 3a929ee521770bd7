/** Byte ranges as text: cheap for the ASCII that most values are. */

const WINDOW = 2048;
const ascii = new TextDecoder('utf-8', { ignoreBOM: true });
const latin = new TextDecoder('latin1');

/** The first byte from 80H on, from `start` and before `limit`; `limit` when there is none. */
function asciiEnd(bytes: Uint8Array, start: number, limit: number): number {
  let at = start;
  while (at < limit && bytes[at]! < 0x80) at++;
  return at;
}

/**
 * Decodes a stretch of ASCII at a time and hands out slices of it, which costs far less than decoding every
 * short value on its own. Ranges with bytes from 80H on come out as Latin 1.
 */
export class AsciiText {
  private readonly bytes: Uint8Array;
  private text = '';
  private from = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** The characters of the bytes from `start` up to `end`. */
  slice(start: number, end: number): string {
    if (start < this.from) return this.alone(start, end);
    if (end > this.from + this.text.length) {
      const limit = Math.min(this.bytes.length, Math.max(end, start + WINDOW));
      const until = asciiEnd(this.bytes, start, limit);
      if (until < end) return latin.decode(this.bytes.subarray(start, end));
      this.from = start;
      this.text = ascii.decode(this.bytes.subarray(start, until));
    }
    return this.text.slice(start - this.from, end - this.from);
  }

  /** The stretch only ever moves forward: tags in disorder would have it decoded anew for every value. */
  private alone(start: number, end: number): string {
    const bytes = this.bytes.subarray(start, end);
    return (asciiEnd(bytes, 0, bytes.length) < bytes.length ? latin : ascii).decode(bytes);
  }
}
