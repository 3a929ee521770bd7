/**
 * What the viewer has loaded, series by series, as far as it decides whether it can be seen.
 *
 * Attributes go by the keywords of PS3.6, because that is how the viewer keeps them.
 */

/** The viewer's own form of a data set: values by keyword, sequences as lists, one item without its list. */
export type Instance = Record<string, unknown>;

/** Instances of a series that will be seen, or not, for the same reasons. */
export interface LoadedKind {
  sopClassUid: string;
  transferSyntaxUid: string;
  /** (0028,0004), empty for what is no image. */
  photometricInterpretation: string;
  samplesPerPixel: number;
  bitsAllocated: number;
  /** PALETTE COLOR with the tables to be looked up in (PS3.3 C.7.6.3.1.5), not segmented ones. */
  hasPalette: boolean;
  /** A structured report that is drawn onto images: TID 1500, Imaging Measurement Report. */
  isMeasurements: boolean;
  /** Series Instance UIDs of the images that it stands on; empty for what stands on its own. */
  refersTo: string[];
}

export interface LoadedSeries {
  seriesInstanceUid: string;
  kinds: LoadedKind[];
}

/** DCM 126000, Imaging Measurement Report (PS3.16 TID 1500). */
const IMAGING_MEASUREMENT_REPORT = '126000';

export function kindOf(instance: Instance): LoadedKind {
  const measurements = items(instance.ConceptNameCodeSequence)[0]?.CodeValue === IMAGING_MEASUREMENT_REPORT;
  return {
    sopClassUid: text(instance.SOPClassUID),
    transferSyntaxUid: text(instance.AvailableTransferSyntaxUID ?? instance['00083002']),
    photometricInterpretation: text(instance.PhotometricInterpretation),
    samplesPerPixel: Number(instance.SamplesPerPixel ?? 1),
    bitsAllocated: Number(instance.BitsAllocated ?? 0),
    hasPalette: instance.RedPaletteColorLookupTableData !== undefined,
    isMeasurements: measurements,
    refersTo: seriesReferredTo(instance),
  };
}

/**
 * Segmentations and maps name series directly (C.7.6.16), structure sets within frames of reference (C.8.8.5),
 * reports among their evidence (C.17.2).
 */
function seriesReferredTo(instance: Instance): string[] {
  const studies = [
    ...items(instance.ReferencedFrameOfReferenceSequence).flatMap((frame) =>
      items(frame.RTReferencedStudySequence),
    ),
    ...items(instance.CurrentRequestedProcedureEvidenceSequence),
  ];
  const series = [
    ...items(instance.ReferencedSeriesSequence),
    ...studies.flatMap((study) => [
      ...items(study.RTReferencedSeriesSequence),
      ...items(study.ReferencedSeriesSequence),
    ]),
  ];
  return [...new Set(series.map((each) => text(each.SeriesInstanceUID)).filter(Boolean))];
}

/** The items of a sequence; none for anything else. */
export function items(value: unknown): Instance[] {
  return (Array.isArray(value) ? value : [value]).filter(isInstance);
}

function isInstance(value: unknown): value is Instance {
  return typeof value === 'object' && value !== null;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
