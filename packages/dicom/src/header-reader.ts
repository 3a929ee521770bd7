/** Element headers (PS3.5 section 7.1.2 and 7.1.3): VR, length and where the value starts. */

import { dictionaryVr, isPrivate } from './dictionary.ts';
import type { Level } from './scan-level.ts';
import type { Source } from './source.ts';
import { LONG_HEADER, VALUE_KIND, VR_SS, VR_UN, VR_US, VR_US_OR_SS, ValueKind } from './vr.ts';

function isCapital(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x5a;
}

/** Reads one header at a time into its own fields, which spares an object for every element. */
export class HeaderReader {
  vr = 0;
  start = 0;
  length = 0;
  /** Items of this element, if it is a sequence, are explicit. */
  contentExplicit = true;
  /** The two bytes in the place of the VR are none. */
  unknown = false;

  private readonly source: Source;
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly little: boolean;

  constructor(source: Source) {
    this.source = source;
    this.bytes = source.bytes;
    this.view = source.view;
    this.little = source.littleEndian;
  }

  /** Whether the header at `at` takes, or may take, 12 bytes; 8 must be at hand. */
  wants12(level: Level, at: number): boolean {
    if (!level.explicit) return false;
    const code = this.codeAt(at);
    if (VALUE_KIND[code] !== ValueKind.unknown) return LONG_HEADER[code] === 1;
    return this.looksReserved(code, at) && level.end - at >= 12;
  }

  /** An item that ought to be implicit begins with an element that only makes sense as an explicit one. */
  itemLooksExplicit(at: number, end: number): boolean {
    if (at + 8 > this.bytes.length || at + 8 > end) return false;
    const code = this.codeAt(at);
    if (VALUE_KIND[code] === ValueKind.unknown) return false;
    return (
      dictionaryVr(this.source.tagAt(at)) === code || this.view.getUint32(at + 4, this.little) > end - at - 8
    );
  }

  /** Reads the header of `tag` at `at`; as many bytes as `wants12` says must be at hand. */
  read(level: Level, at: number, tag: number): void {
    this.contentExplicit = level.explicit;
    this.unknown = false;
    if (!level.explicit) return this.readImplicit(level, at, tag);
    const code = this.codeAt(at);
    if (VALUE_KIND[code] === ValueKind.unknown) return this.readUnknown(level, at, tag);
    this.vr = code;
    if (LONG_HEADER[code] === 1) this.place(at + 12, this.view.getUint32(at + 8, this.little));
    else this.place(at + 8, this.view.getUint16(at + 6, this.little));
    if (code === VR_UN) this.readUn(level, tag);
  }

  private place(start: number, length: number): void {
    this.start = start;
    this.length = length;
  }

  private codeAt(at: number): number {
    return (this.bytes[at + 4]! << 8) | this.bytes[at + 5]!;
  }

  private readImplicit(level: Level, at: number, tag: number): void {
    this.vr = this.settle(dictionaryVr(tag), level);
    this.place(at + 8, this.view.getUint32(at + 4, this.little));
  }

  private settle(vr: number, level: Level): number {
    if (vr !== VR_US_OR_SS) return vr;
    return level.signed ? VR_SS : VR_US;
  }

  /** UN of a known tag is what the dictionary says, and its content is implicit (PS3.5 6.2.2 notes 2 to 4). */
  private readUn(level: Level, tag: number): void {
    this.contentExplicit = false;
    if (!isPrivate(tag)) this.vr = this.settle(dictionaryVr(tag), level);
  }

  /** Capital letters followed by two zeros: a VR of the future, which has the long header (PS3.5 6.2). */
  private looksReserved(code: number, at: number): boolean {
    return isCapital(code >> 8) && isCapital(code & 0xff) && this.view.getUint16(at + 6, this.little) === 0;
  }

  /**
   * No VR where one should be. In this order: a VR of the future, an element written implicitly all the
   * same, or blanks in place of the VR with the short header around them; the first whose length fits and
   * which is followed by a higher tag, else the first that fits.
   */
  private readUnknown(level: Level, at: number, tag: number): void {
    this.unknown = true;
    const capital = isCapital(this.bytes[at + 4]!) && isCapital(this.bytes[at + 5]!);
    const long = this.wants12(level, at) ? this.view.getUint32(at + 8, this.little) : Infinity;
    const implicit = capital ? Infinity : this.view.getUint32(at + 4, this.little);
    const readings: [start: number, length: number][] = [
      [at + 12, long],
      [at + 8, implicit],
      [at + 8, this.view.getUint16(at + 6, this.little)],
    ];
    const fitting = readings.filter(([start, length]) => start + length <= level.end);
    const chosen = fitting.find(([start, length]) => this.nextAscends(start + length, tag)) ?? fitting[0];
    const [start, length] = chosen ?? readings[2]!;
    this.vr = capital ? VR_UN : this.settle(dictionaryVr(tag), level);
    this.place(start, length);
  }

  private nextAscends(at: number, tag: number): boolean {
    return at + 4 <= this.bytes.length && this.source.tagAt(at) > tag;
  }
}
