/** Byte ranges as text, one character a byte: cheap for the ASCII that most values are. */

const WINDOW = 16 * 1024;
const latin = new TextDecoder('latin1');

/**
 * Decodes a stretch at a time and hands out slices of it, which costs far less than decoding every short
 * value on its own. Right for ASCII only: bytes from 80H on come out as Windows-1252.
 */
export class LatinText {
  private readonly bytes: Uint8Array;
  private text = '';
  private from = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** The characters of the bytes from `start` up to `end`. */
  slice(start: number, end: number): string {
    if (start < this.from || end > this.from + this.text.length) this.move(start, end);
    return this.text.slice(start - this.from, end - this.from);
  }

  private move(start: number, end: number): void {
    this.from = start;
    this.text = latin.decode(this.bytes.subarray(start, Math.max(end, start + WINDOW)));
  }
}
