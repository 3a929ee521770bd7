import type { Attributes } from './dictionary.ts';
import { studyContext } from './instance.ts';
import { imageIdentity, patientAndStudy, seriesAndEquipment } from './modules.ts';
import { seriesInstanceUidOf, sopInstanceUidOf, studyInstanceUidOf } from './modules.ts';
import type { Instance, StudyContext } from './modules.ts';
import { transferSyntaxes, writePart10 } from './part10.ts';
import type { ChestView } from './phantom/chest-anatomy.ts';
import { chestPicture } from './phantom/chest.ts';

const DIGITAL_XRAY_FOR_PRESENTATION = '1.2.840.10008.5.1.4.1.1.1.1';
const MODALITY = 'DX';

export interface ChestRadiographOptions extends Partial<StudyContext> {
  /** 1400 unless said otherwise; the picture keeps its shape of 14 to 17. */
  readonly columns?: number;
  readonly seriesNumber?: number;
}

interface Exposure {
  readonly view: ChestView;
  readonly columns: number;
  readonly rows: number;
  /** Patient Orientation (0020,0020): where rows and columns of the picture lead. */
  readonly orientation: readonly [string, string];
  readonly viewPosition: string;
  readonly viewCode: Attributes;
  readonly milliampereSeconds: number;
}

/** A chest in two views, postero-anterior and left lateral: 12 bits, MONOCHROME2, for presentation. */
export function chestRadiograph(options: ChestRadiographOptions = {}): Instance[] {
  const { columns = 1400, seriesNumber = 1, ...given } = options;
  const study = studyContext({ studyDescription: 'Chest PA and lateral', ...given });
  return exposures(columns).map((exposure, index) => {
    const instanceNumber = index + 1;
    return {
      bytes: writePart10({ attributes: attributesOf(study, exposure, { seriesNumber, instanceNumber }) }),
      studyInstanceUid: studyInstanceUidOf(study),
      seriesInstanceUid: seriesInstanceUidOf(study, seriesNumber),
      sopInstanceUid: sopInstanceUidOf(study, seriesNumber, instanceNumber),
      sopClassUid: DIGITAL_XRAY_FOR_PRESENTATION,
      transferSyntaxUid: transferSyntaxes.explicitVrLittleEndian,
      modality: MODALITY,
      seriesNumber,
      instanceNumber,
      numberOfFrames: 1,
    };
  });
}

/** Views by their codes of CID 4010. */
function exposures(columns: number): Exposure[] {
  const size = { columns, rows: Math.round((columns * 17) / 14) };
  const code = (CodeValue: string, CodeMeaning: string) => ({
    CodeValue,
    CodingSchemeDesignator: 'SCT',
    CodeMeaning,
  });
  return [
    {
      ...size,
      view: 'PA',
      orientation: ['L', 'F'],
      viewPosition: 'PA',
      viewCode: code('272479007', 'postero-anterior'),
      milliampereSeconds: 2,
    },
    {
      ...size,
      view: 'LATERAL',
      orientation: ['P', 'F'],
      viewPosition: 'LL',
      viewCode: code('399173006', 'left lateral'),
      milliampereSeconds: 6,
    },
  ];
}

function attributesOf(
  study: StudyContext,
  exposure: Exposure,
  { seriesNumber, instanceNumber }: { seriesNumber: number; instanceNumber: number },
): Attributes {
  const picture = chestPicture(exposure.view, `${study.seed}/${study.key}`, exposure);
  const seriesDescription = 'Chest';
  return {
    ...patientAndStudy(study),
    ...seriesAndEquipment(study, { seriesNumber, modality: MODALITY, seriesDescription }),
    ...imageIdentity(study, seriesNumber, instanceNumber),
    ...exposureAttributes(exposure),
    ...imageAttributes(exposure),
    SOPClassUID: DIGITAL_XRAY_FOR_PRESENTATION,
    PixelData: new Uint8Array(picture.buffer),
  };
}

/** DX Anatomy Imaged, Positioning, Detector and acquisition (PS3.3 C.8.11.2, C.8.11.5, C.8.11.4). */
function exposureAttributes(exposure: Exposure): Attributes {
  return {
    BodyPartExamined: 'CHEST',
    ImageLaterality: 'U',
    AnatomicRegionSequence: [{ CodeValue: '51185008', CodingSchemeDesignator: 'SCT', CodeMeaning: 'Chest' }],
    PatientOrientation: exposure.orientation,
    PositionerType: 'COLUMN',
    ViewPosition: exposure.viewPosition,
    ViewCodeSequence: [{ ...exposure.viewCode, ViewModifierCodeSequence: [] }],
    DetectorType: 'SCINTILLATOR',
    DetectorConfiguration: 'AREA',
    ImagerPixelSpacing: [350 / exposure.columns, 350 / exposure.columns],
    KVP: 120,
    Exposure: exposure.milliampereSeconds,
    DistanceSourceToDetector: 1830,
    AcquisitionContextSequence: [],
  };
}

/** DX Image module (PS3.3 C.8.11.3). */
function imageAttributes({ columns, rows }: Exposure): Attributes {
  return {
    PresentationIntentType: 'FOR PRESENTATION',
    ImageType: ['ORIGINAL', 'PRIMARY', ''],
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: rows,
    Columns: columns,
    BitsAllocated: 16,
    BitsStored: 12,
    HighBit: 11,
    PixelRepresentation: 0,
    PixelIntensityRelationship: 'LOG',
    PixelIntensityRelationshipSign: -1,
    RescaleIntercept: 0,
    RescaleSlope: 1,
    RescaleType: 'US',
    PresentationLUTShape: 'IDENTITY',
    WindowCenter: 2048,
    WindowWidth: 4096,
    WindowCenterWidthExplanation: 'STANDARD',
  };
}
