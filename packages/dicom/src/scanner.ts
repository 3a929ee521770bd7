/** Finds every element of a data set by position (PS3.5 section 7), decoding nothing and trusting no length. */

import type { DataSet, Element } from './data-set.ts';
import { settleOrder } from './data-set.ts';
import { HeaderReader } from './header-reader.ts';
import { setLevel } from './scan-level.ts';
import type { ScanInput, ScanStop } from './scan-input.ts';
import type { Level } from './scan-level.ts';
import { passPlainElements } from './plain-elements.ts';
import type { ScanProgress } from './plain-elements.ts';
import { VALUE_KIND, VR_OB, VR_SQ, VR_UN, ValueKind } from './vr.ts';
import { isBulk } from './bulk-rule.ts';
import type { Gap } from './gaps.ts';
import type { Source } from './source.ts';
import type { HeadWarning } from './warnings.ts';

const ITEM = 0xfffee000;
const ITEM_END = 0xfffee00d;
const SEQUENCE_END = 0xfffee0dd;
const UNDEFINED_LENGTH = 0xffffffff;
const PIXEL_REPRESENTATION = 0x00280103;
const PIXEL_DATA = 0x7fe00010;

/** A linked value that reaches further beyond the bytes at hand than this is left out of them. */
const WORTH_A_GAP = 64 * 1024;

/** Scans one data set; after `run` its fields hold what was found. */
export class Scanner implements ScanProgress {
  readonly dataSet: DataSet = { elements: [], ascending: true };
  readonly warnings: Set<HeadWarning>;
  stop: ScanStop | null = null;
  /** With stop `more`: bytes wanted, counted from the beginning of the file and without gaps, `gap` included. */
  needed = 0;
  /** With stop `more`: one more value to leave out. */
  gap: Gap | null = null;
  /** With stop `pixel-data`: its element; length 0xffffffff when encapsulated. */
  pixelData: Element | null = null;
  position: number;
  count = 0;
  valueBytes = 0;

  private readonly source: Source;
  private readonly held: number;
  private readonly input: ScanInput;
  private readonly lastTag: number;
  private readonly levels: Level[] = [];
  private gapsPassed = 0;
  private readonly header: HeaderReader;

  constructor(input: ScanInput) {
    this.input = input;
    this.lastTag = input.lastTag ?? UNDEFINED_LENGTH;
    this.source = input.source;
    this.held = input.source.bytes.length;
    this.warnings = input.warnings ?? new Set();
    this.header = new HeaderReader(input.source);
    this.position = input.start;
    const { size: end, explicit } = input;
    this.levels.push(setLevel(this.dataSet, { end, explicit, defined: true, signed: false }));
  }

  /** Runs to the end, the pixel data or a limit. Never throws. */
  run(): this {
    while (this.stop === null) {
      const level = this.levels[this.levels.length - 1]!;
      if (this.position >= level.end) this.close(level);
      else if (level.set === null) this.readItem(level, level.sequence!);
      else this.readElements(level, level.set);
    }
    for (const level of this.levels) if (level.set !== null) settleOrder(level.set);
    return this;
  }

  /** Whether `count` bytes from the position on are at hand; sets `stop` when not. */
  private has(position: number, count: number): boolean {
    const end = position + count;
    if (end <= this.held) return true;
    if (end > this.input.size) this.stop = 'cut-off';
    else {
      this.stop = 'more';
      this.needed = end;
    }
    return false;
  }

  private close(level: Level): void {
    if (this.levels.length === 1) {
      this.stop = 'end';
      return;
    }
    if (!level.defined) this.warnings.add('missing-delimiter');
    this.position = level.end;
    this.pop(level);
  }

  private pop(level: Level): void {
    if (level.set !== null) {
      settleOrder(level.set);
      // A list that grew holds room for 16 elements more; there may be a million of these.
      level.set.elements = level.set.elements.slice();
    }
    this.levels.pop();
  }

  /** Those that are plain, and the one behind them. */
  private readElements(level: Level, set: DataSet): void {
    if (this.gapsPassed === this.source.gaps.length) passPlainElements(this.input, level, set, this);
    if (this.position < level.end) this.readElement(level, set);
  }

  private readElement(level: Level, set: DataSet): void {
    if (level.end - this.position < 8) return this.readRest(level);
    if (!this.has(this.position, 8)) return;
    const tag = this.source.tagAt(this.position);
    if (tag >= ITEM && tag <= SEQUENCE_END) return this.readDelimiter(level, tag);
    if (tag > this.lastTag) this.stop = 'end';
    else if (tag === 0) this.skipRest(level);
    else if (++this.count > this.input.limits.maxElements) this.stop = 'too-many';
    else this.readHeader(level, set, tag);
  }

  /** Fewer bytes than an element header takes: the beginning of one, unless they are padding. */
  private readRest(level: Level): void {
    if (!this.has(this.position, level.end - this.position)) return;
    const padding = this.source.bytes.subarray(this.position, level.end).every((byte) => byte === 0);
    if (this.levels.length === 1 && !padding) this.stop = 'cut-off';
    else this.skipRest(level);
  }

  /** Fewer bytes than an element header takes, or a run of zeros: nothing more to read here. */
  private skipRest(level: Level): void {
    this.warnings.add('trailing-bytes');
    this.position = level.end;
    level.defined = true;
  }

  private readDelimiter(level: Level, tag: number): void {
    const nested = this.levels.length > 1;
    if (nested && tag === ITEM_END) {
      this.position += 8;
      if (level.defined) this.warnings.add('stray-delimiter');
      else this.pop(level);
    } else if (nested && !level.defined) {
      this.warnings.add('missing-delimiter');
      this.pop(level);
    } else {
      this.warnings.add('stray-delimiter');
      this.position += 8;
    }
  }

  private readHeader(level: Level, set: DataSet, tag: number): void {
    const { header, position } = this;
    if (header.wants12(level, position) && !this.has(position, 12)) return;
    header.read(level, position, tag);
    if (header.unknown) this.warnings.add('unknown-vr');
    const { vr, start, length } = header;
    this.placeElement(level, set, { tag, vr, start, length, items: null });
  }

  private placeElement(level: Level, set: DataSet, element: Element): void {
    const { tag, vr, length } = element;
    if (this.levels.length === 1 && (tag === PIXEL_DATA || tag === 0x7fe00008 || tag === 0x7fe00009)) {
      this.pixelData = element;
      this.stop = 'pixel-data';
    } else if (length === UNDEFINED_LENGTH) this.openUndefined(level, set, element);
    else if (vr === VR_SQ) this.openSequence(level, set, element);
    else this.placeValue(level, set, element);
  }

  private placeValue(level: Level, set: DataSet, element: Element): void {
    if (this.isLeftOut(element)) {
      this.gapsPassed++;
      this.position = element.start;
      this.append(set, element);
      return;
    }
    const room = level.end - element.start;
    if (element.length > room) {
      if (this.levels.length === 1) {
        this.stop = 'cut-off';
        return;
      }
      this.warnings.add('length-overflow');
      element.length = Math.max(0, room);
    }
    if (!this.settleValue(level, element)) return;
    this.position = element.start + element.length;
    this.append(set, element);
    if (element.tag === PIXEL_REPRESENTATION && element.length >= 2)
      level.signed = this.source.view.getUint16(element.start, this.source.littleEndian) === 1;
  }

  private isLeftOut({ start, length }: Element): boolean {
    const { gaps } = this.source;
    return this.gapsPassed < gaps.length && gaps[this.gapsPassed]!.at === start && length > 0;
  }

  /** Whether the scan goes on behind this value: it is at hand, or linked and within reach. */
  private settleValue(level: Level, { start, length, vr }: Element): boolean {
    if (!isBulk(vr, length)) {
      this.valueBytes += length;
      if (this.valueBytes > this.input.limits.maxValueBytes) this.stop = 'too-long';
      return this.stop === null && this.has(start, length);
    }
    const end = start + length;
    const beyond = end - this.held;
    const spared = this.input.sparing === true && this.levels.length === 1;
    if (!spared || beyond < WORTH_A_GAP || end === level.end) return true;
    this.stop = 'more';
    this.gap = { at: start, length };
    this.needed = start + 12;
    return false;
  }

  private append(set: DataSet, element: Element): void {
    const { elements } = set;
    if (elements.length > 0 && elements[elements.length - 1]!.tag >= element.tag) set.ascending = false;
    elements.push(element);
  }

  /** Undefined length: a sequence, or pixel data fragments below the top level (icons, private data). */
  private openUndefined(level: Level, set: DataSet, element: Element): void {
    const binary = VALUE_KIND[element.vr] === ValueKind.binary && element.vr !== VR_UN;
    if (!binary) {
      element.vr = VR_SQ;
      this.openSequence(level, set, element);
      return;
    }
    const end = this.fragmentsEnd(element.start, level.end);
    if (end < 0) return;
    element.vr = VR_OB;
    element.length = end - element.start;
    this.position = end;
    this.append(set, element);
  }

  /** Where a run of fragments ends, its delimiter included; -1 when the scan must stop. */
  private fragmentsEnd(start: number, limit: number): number {
    let at = start;
    while (at < limit) {
      if (!this.has(at, 8)) return -1;
      const tag = this.source.tagAt(at);
      if (tag === SEQUENCE_END) return at + 8;
      if (tag !== ITEM) break;
      at += 8 + this.source.view.getUint32(at + 4, this.source.littleEndian);
    }
    this.warnings.add('missing-delimiter');
    return Math.min(at, limit);
  }

  private openSequence(level: Level, set: DataSet, element: Element): void {
    if (this.levels.length > this.input.limits.maxDepth * 2) {
      this.stop = 'too-deep';
      return;
    }
    const defined = element.length !== UNDEFINED_LENGTH;
    let end = defined ? element.start + element.length : level.end;
    if (end > level.end) {
      this.warnings.add('length-overflow');
      end = level.end;
    }
    element.items = [];
    this.append(set, element);
    this.position = element.start;
    const { contentExplicit: explicit } = this.header;
    this.levels.push({ set: null, sequence: element, end, defined, explicit, signed: level.signed });
  }

  private readItem(level: Level, sequence: Element): void {
    if (level.end - this.position < 8) return this.skipRest(level);
    if (!this.has(this.position, 8)) return;
    const tag = this.source.tagAt(this.position);
    const length = this.source.view.getUint32(this.position + 4, this.source.littleEndian);
    if (tag === ITEM) return this.openItem(level, sequence, length);
    if (tag === SEQUENCE_END && !level.defined) {
      this.position += 8;
      this.pop(level);
      return;
    }
    this.warnings.add('stray-delimiter');
    if (level.defined) this.position = level.end;
    this.pop(level);
  }

  private openItem(level: Level, sequence: Element, length: number): void {
    if (++this.count > this.input.limits.maxElements) this.stop = 'too-many';
    this.position += 8;
    const set: DataSet = { elements: [], ascending: true };
    sequence.items!.push(set);
    const defined = length !== UNDEFINED_LENGTH;
    const end = defined ? Math.min(this.position + length, level.end) : level.end;
    if (defined && this.position + length > level.end) this.warnings.add('length-overflow');
    const explicit = level.explicit || this.header.itemLooksExplicit(this.position, end);
    this.levels.push(setLevel(set, { end, defined, explicit, signed: level.signed }));
  }
}
