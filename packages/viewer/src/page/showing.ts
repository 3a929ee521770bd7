import type { LoadedKind, LoadedSeries } from './loaded.ts';

/**
 * How the viewer shows a kind of object:
 * `image` paints pixels, `page` shows a text or a document, `overlay` draws onto the images it refers to, `grey` paints
 * pixels that mean more than it says; null shows nothing.
 */
type Showing = 'image' | 'page' | 'overlay' | 'grey' | null;

/** Something of an exam that cannot be seen as what it is, in words for people, and in how many series. */
export interface Unseen {
  what: string;
  series: number;
  /** Painted all the same, without what makes it that. */
  asGrey: boolean;
}

/** What can be seen of all that was loaded. */
export interface Sight {
  series: number;
  /** Series of which something will be painted, so that one may wait for it. */
  painted: number;
  /** Series of which nothing will be seen. */
  hidden: number;
  unseen: Unseen[];
}

const ROOT = '1.2.840.10008.5.1.4.1.1.';

/** SOP classes below `1.2.840.10008.5.1.4.1.1.` that OHIF 3.13 takes for images, with what our rules add. */
const IMAGES = new Set(
  [
    '1 1.1 1.1.1 1.2 1.2.1 1.3 1.3.1 2 2.1 2.2 3 3.1 4 4.1 4.3 4.4 5 6 6.1 6.2 7 7.1 7.2 7.3 7.4 12.1 12.1.1 12.2',
    '12.2.1 12.3 13.1.1 13.1.2 13.1.3 13.1.4 13.1.5 14.1 14.2 20 77.1 77.2 77.1.1 77.1.2 77.1.3 77.1.4 77.1.5.1',
    '77.1.5.2 77.1.5.4 77.1.7 82.1 128 128.1 130 481.1',
  ].flatMap((line) => line.split(' ')),
);

/** Everything else that has a name people know. The first line whose beginning fits is taken. */
const OTHERS: [suffix: string, what: string, showing: Showing][] = [
  ['481.2', 'Radiotherapy dose', 'grey'],
  ['481.3', 'Radiotherapy structures', 'overlay'],
  ['481.5', 'Radiotherapy plan', null],
  ['481.8', 'Radiotherapy plan', null],
  ['481', 'Radiotherapy record', null],
  ['66.4', 'Segmentation', 'overlay'],
  ['66.7', 'Segmentation', 'overlay'],
  ['30', 'Parametric map', 'overlay'],
  ['104.1', 'PDF document', 'page'],
  ['104.2', 'CDA document', null],
  ['104', '3D model', null],
  ['9.1.1', 'ECG', 'image'],
  ['9.1.2', 'ECG', 'image'],
  ['9.1.3', 'ECG', 'image'],
  ['9.2.1', 'Hemodynamic waveform', 'image'],
  ['9.3.1', 'Electrophysiology waveform', 'image'],
  ['9', 'Waveform', null],
  ['88.11', 'Report', 'page'],
  ['88.22', 'Report', 'page'],
  ['88.33', 'Report', 'page'],
  ['88.34', 'Report', 'page'],
  ['88.59', 'Key image selection', null],
  ['88.50', 'CAD findings', null],
  ['88.65', 'CAD findings', null],
  ['88.69', 'CAD findings', null],
  ['88.67', 'Radiation dose report', null],
  ['88.76', 'Radiation dose report', null],
  ['88.40', 'Procedure log', null],
  ['88', 'Structured report', null],
  ['11', 'Presentation state', null],
  ['67', 'Value mapping', null],
  ['66.1', 'Registration', null],
  ['66.3', 'Registration', null],
  ['66.5', 'Surface', null],
  ['66', 'Raw data', null],
  ['4.2', 'Spectroscopy', null],
  ['77.1.6', 'Whole slide image', null],
  ['91.1', 'Slide annotations', null],
  ['68', 'Surface', null],
  ['78', 'Eye measurements', null],
  ['79', 'Eye measurements', null],
  ['80', 'Eye measurements', null],
];

const UNKNOWN = 'Objects of a kind the viewer does not know';
const SYNTAX = '1.2.840.10008.1.2';
/** Transfer syntaxes below `1.2.840.10008.1.2` that its decoders read. */
const DECODED = new Set(
  ['', '.1', '.2', '.1.99', '.5', '.4.50', '.4.51', '.4.57', '.4.70', '.4.80', '.4.81', '.4.90', '.4.91']
    .concat(['.4.201', '.4.202', '.4.203'])
    .map((suffix) => SYNTAX + suffix),
);
/** MPEG-2, H.264 and H.265 (PS3.5 A.4.5 to A.4.9). */
const VIDEO = /^1\.2\.840\.10008\.1\.2\.4\.10\d(\.\d+)?$/;
const VIDEO_CLASSES = new Set(['77.1.1.1', '77.1.2.1', '77.1.4.1']);

function below(sopClassUid: string): string {
  return sopClassUid.startsWith(ROOT) ? sopClassUid.slice(ROOT.length) : '';
}

function classOf(sopClassUid: string): { what: string; showing: Showing } {
  const suffix = below(sopClassUid);
  if (IMAGES.has(suffix)) return { what: 'Image', showing: 'image' };
  const found = OTHERS.find(([prefix]) => `${suffix}.`.startsWith(`${prefix}.`));
  return found ? { what: found[1], showing: found[2] } : { what: UNKNOWN, showing: null };
}

interface Verdict {
  showing: Showing;
  /** Named where it is not seen, or not as what it is. */
  what: string;
}

function verdictOn(kind: LoadedKind, loaded: ReadonlySet<string>): Verdict {
  if (VIDEO.test(kind.transferSyntaxUid) || VIDEO_CLASSES.has(below(kind.sopClassUid)))
    return unseen('Video');
  const { what, showing } = classOf(kind.sopClassUid);
  if (showing === 'page' && kind.isMeasurements) return onImages('Measurements', kind.refersTo, loaded);
  if (showing === 'overlay') return onImages(what, kind.refersTo, loaded);
  const fault = showing === 'image' ? faultOf(kind) : null;
  return fault ? unseen(fault) : { showing, what };
}

const unseen = (what: string): Verdict => ({ showing: null, what });

function onImages(what: string, refersTo: readonly string[], loaded: ReadonlySet<string>): Verdict {
  const there = refersTo.some((seriesInstanceUid) => loaded.has(seriesInstanceUid));
  return there ? { showing: 'overlay', what } : unseen(`${what} without the images it belongs to`);
}

/** Why the pixels of an image cannot be seen rightly, or null. Each has been tried with a file of that kind. */
function faultOf(kind: LoadedKind): string | null {
  if (!kind.photometricInterpretation) return null;
  if (kind.transferSyntaxUid && !DECODED.has(kind.transferSyntaxUid))
    return 'Image in a compression the viewer does not know';
  if (kind.samplesPerPixel > 1 && kind.bitsAllocated > 8) return 'Colour image of more than 8 bits';
  if (kind.photometricInterpretation === 'YBR_FULL_422' && isNative(kind.transferSyntaxUid))
    return 'Colour image with halved colours';
  if (kind.photometricInterpretation === 'PALETTE COLOR' && !kind.hasPalette)
    return 'Image without its colour table';
  return null;
}

function isNative(transferSyntaxUid: string): boolean {
  return ['', '.1', '.2', '.1.99'].some((suffix) => transferSyntaxUid === SYNTAX + suffix);
}

/** What of the loaded series will be seen, and in plain words what will not. */
export function sightOf(series: readonly LoadedSeries[]): Sight {
  const loaded = new Set(series.map(({ seriesInstanceUid }) => seriesInstanceUid));
  const unseenBy = new Map<string, Unseen>();
  let painted = 0;
  let hidden = 0;
  for (const { kinds } of series) {
    const verdicts = kinds.map((kind) => verdictOn(kind, loaded));
    if (verdicts.some(({ showing }) => showing === 'image' || showing === 'grey')) painted += 1;
    if (verdicts.every(({ showing }) => showing === null)) hidden += 1;
    const named = verdicts.filter(({ showing }) => showing === null || showing === 'grey');
    for (const what of new Set(named.map((verdict) => verdict.what))) {
      const asGrey = named.some((verdict) => verdict.what === what && verdict.showing === 'grey');
      const before = unseenBy.get(what)?.series ?? 0;
      unseenBy.set(what, { what, series: before + 1, asGrey });
    }
  }
  return { series: series.length, painted, hidden, unseen: [...unseenBy.values()] };
}
