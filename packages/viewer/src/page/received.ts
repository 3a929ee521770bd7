import { type Instance, type LoadedSeries, items, kindOf } from './loaded.ts';

/** Distances between pixels (PS3.3 10.7.1); a zero makes the graphics card paint nothing at all. */
const SPACINGS = ['PixelSpacing', 'ImagerPixelSpacing', 'NominalScannedPixelSpacing'];
/** A window of no width (PS3.3 C.11.2.1.2) makes every image black or white; without one, its own range is shown. */
const WINDOW = ['WindowCenter', 'WindowWidth'];
const GROUPS = ['SharedFunctionalGroupsSequence', 'PerFrameFunctionalGroupsSequence'];

/** Explicit directions and isolates can make a name read as another; control characters mean nothing on a screen. */
const MISLEADING =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** What the viewer draws into lists and onto images; by PS3.5 6.2 none may have more than 64 letters. */
const DRAWN = /^((Study|Series)Description|Alphabetic|Ideographic|Phonetic|PatientID)$/;
const LONGEST_DRAWN = 128;
const LONGEST_LINE = 1024;
/** What a report says and what somebody remarked is read as a whole. */
const LONG_TEXTS = /^(TextValue|.*Comments|InlineBinary)$/;

/** Collects what arrives of an exam's metadata, and makes it fit to be drawn. */
export class Received {
  readonly #series = new Map<string, LoadedSeries>();
  readonly #seen = new Set<string>();

  get series(): LoadedSeries[] {
    return [...this.#series.values()];
  }

  /** Takes one data set as the viewer has read it, and changes it where it would mislead. */
  take(instance: Instance): void {
    withoutImpossibleSpacing(instance);
    withoutImpossibleWindow(instance);
    withoutMisleadingText(instance);
    const seriesInstanceUid = String(instance.SeriesInstanceUID ?? '');
    const kind = kindOf(instance);
    const mark = JSON.stringify([seriesInstanceUid, kind]);
    if (this.#seen.has(mark)) return;
    this.#seen.add(mark);
    const series = this.#series.get(seriesInstanceUid) ?? { seriesInstanceUid, kinds: [] };
    series.kinds.push(kind);
    this.#series.set(seriesInstanceUid, series);
  }
}

/** Where an attribute of images may stand: in the data set, and in a sequence of its functional groups. */
function placesOf(instance: Instance, sequence: string): Instance[] {
  const groups = GROUPS.flatMap((group) => items(instance[group]));
  return [instance, ...groups.flatMap((group) => items(group[sequence]))];
}

function withoutImpossibleWindow(instance: Instance): void {
  for (const place of placesOf(instance, 'FrameVOILUTSequence')) {
    const widths = [place.WindowWidth ?? []].flat();
    if (widths.some((width) => !(Number(width) > 0))) for (const keyword of WINDOW) delete place[keyword];
  }
}

function withoutImpossibleSpacing(instance: Instance): void {
  for (const place of placesOf(instance, 'PixelMeasuresSequence')) {
    for (const keyword of SPACINGS) {
      const spacing = place[keyword];
      if (spacing === undefined) continue;
      const values = Array.isArray(spacing) ? spacing : [spacing];
      if (values.length < 2 || values.some((value) => !(Number(value) > 0))) delete place[keyword];
    }
  }
}

function withoutMisleadingText(place: Instance | unknown[], keyword = ''): void {
  for (const [key, value] of Object.entries(place)) {
    const name = Array.isArray(place) ? keyword : key;
    if (typeof value === 'string') {
      const clean = readable(name, value);
      if (clean !== value) Reflect.set(place, key, clean);
    } else if (Array.isArray(value) || isGroup(value)) withoutMisleadingText(value, name);
  }
}

function isGroup(value: unknown): value is Instance {
  return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value);
}

/** Text as it may stand on the screen: every letter, nothing that turns or hides others. */
export function readable(keyword: string, value: string): string {
  const clean = value.replace(MISLEADING, '');
  const most = DRAWN.test(keyword) ? LONGEST_DRAWN : LONGEST_LINE;
  return clean.length <= most || LONG_TEXTS.test(keyword) ? clean : `${clean.slice(0, most)}…`;
}
