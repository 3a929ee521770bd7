/** Byte ranges as text: cheap for the ASCII that most values are. */

const WINDOW = 16 * 1024;
const ascii = new TextDecoder('utf-8', { ignoreBOM: true });
const latin = new TextDecoder('latin1');
/** Bytes from 80H on, of headers between the values, would end what can be decoded in one go: they lose their top bit. */
const scratch = new Uint8Array(WINDOW);
const words = new Uint32Array(scratch.buffer);

/** The characters of any bytes, as Latin 1. */
export function latinText(bytes: Uint8Array, start: number, end: number): string {
  return latin.decode(bytes.subarray(start, end));
}

/** The characters of bytes all of which are below 80H. */
export function asciiText(bytes: Uint8Array, start: number, end: number): string {
  return ascii.decode(bytes.subarray(start, end));
}

/**
 * For those who want nearly every text: decodes a stretch at a time and hands out slices of it, which costs far less
 * than texts one by one. Nearly every head fits into one stretch.
 */
export class AsciiText {
  private readonly bytes: Uint8Array;
  private readonly end: number;
  private text = '';
  private from = 0;

  /** @param end where the last value ends; what follows is no text */
  constructor(bytes: Uint8Array, end: number) {
    this.bytes = bytes;
    this.end = Math.min(end, bytes.length);
  }

  /** The characters of the bytes from `start` up to `end`, all of which must be below 80H. */
  slice(start: number, end: number): string {
    if (this.lacks(start, end)) {
      // Only forward: tags in disorder would have the stretch decoded anew for every value.
      if (start >= this.from && end - start < WINDOW / 4) this.moveTo(start < WINDOW / 2 ? 0 : start);
      if (this.lacks(start, end)) return asciiText(this.bytes, start, end);
    }
    return this.text.slice(start - this.from, end - this.from);
  }

  private lacks(start: number, end: number): boolean {
    return start < this.from || end > this.from + this.text.length;
  }

  private moveTo(start: number): void {
    const length = Math.min(this.end - start, WINDOW);
    if (length <= 0) return;
    scratch.set(this.bytes.subarray(start, start + length));
    for (let word = (length + 3) >> 2; word-- > 0;) words[word]! &= 0x7f7f7f7f;
    this.from = start;
    this.text = ascii.decode(scratch.subarray(0, length));
  }
}
