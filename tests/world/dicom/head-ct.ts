import type { Attributes } from './dictionary.ts';
import { studyContext } from './instance.ts';
import { imageIdentity, patientAndStudy, seriesAndEquipment } from './modules.ts';
import { seriesInstanceUidOf, sopInstanceUidOf, studyInstanceUidOf } from './modules.ts';
import type { Instance, StudyContext } from './modules.ts';
import { transferSyntaxes, writePart10 } from './part10.ts';
import { HEAD_FIELD_OF_VIEW, HEAD_HEIGHT, Head } from './phantom/head.ts';
import { uidFrom } from './uid.ts';

const CT_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.2';
const MODALITY = 'CT';
/** Millimetres from the skull base up. The vertex is left out: viewers open on the top slice, and it shall show brain. */
const SCANNED_HEIGHT = 122;

export interface HeadCtOptions extends Partial<StudyContext> {
  /** The head is cut into so many slices, 120 unless said otherwise: 1.2 mm each. */
  readonly slices?: number;
  /** Rows and columns: 512, or less for tests. A power of two up to 512. */
  readonly rows?: number;
  readonly seriesNumber?: number;
}

export interface HeadCt {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  /** From the skull base up. Synthesised as they are asked for, so that no volume is held in memory. */
  readonly instances: Iterable<Instance>;
}

/** An unenhanced CT of the head: sixteen bits signed, Hounsfield units behind a rescale of −1024, brain window. */
export function headCt(options: HeadCtOptions = {}): HeadCt {
  const { slices = 120, rows = 512, seriesNumber = 1, ...given } = options;
  const study = studyContext({ studyDescription: 'CT Head without contrast', ...given });
  return {
    studyInstanceUid: studyInstanceUidOf(study),
    seriesInstanceUid: seriesInstanceUidOf(study, seriesNumber),
    instances: { [Symbol.iterator]: () => instancesOf({ study, slices, rows, seriesNumber }) },
  };
}

interface Acquisition {
  readonly study: StudyContext;
  readonly slices: number;
  readonly rows: number;
  readonly seriesNumber: number;
}

function* instancesOf(acquisition: Acquisition): Generator<Instance> {
  const { study, slices, rows, seriesNumber } = acquisition;
  const head = new Head(`${study.seed}/${study.key}`, rows);
  const common = commonAttributes(acquisition);
  for (let instanceNumber = 1; instanceNumber <= slices; instanceNumber++) {
    const z = ((instanceNumber - 0.5) * SCANNED_HEIGHT) / slices;
    const attributes = {
      ...common,
      ...imageIdentity(study, seriesNumber, instanceNumber),
      ...planeAt(z, rows),
      PixelData: storedValues(head.slice(z)),
    };
    yield {
      bytes: writePart10({ attributes }),
      studyInstanceUid: studyInstanceUidOf(study),
      seriesInstanceUid: seriesInstanceUidOf(study, seriesNumber),
      sopInstanceUid: sopInstanceUidOf(study, seriesNumber, instanceNumber),
      sopClassUid: CT_IMAGE_STORAGE,
      transferSyntaxUid: transferSyntaxes.explicitVrLittleEndian,
      modality: MODALITY,
      seriesNumber,
      instanceNumber,
      numberOfFrames: 1,
    };
  }
}

/** Image Plane (PS3.3 C.7.6.2): the middle of the head is the origin, one millimetre up is one up. */
function planeAt(z: number, rows: number): Attributes {
  const corner = HEAD_FIELD_OF_VIEW / rows / 2 - HEAD_FIELD_OF_VIEW / 2;
  const level = Number((z - HEAD_HEIGHT / 2).toFixed(3));
  return {
    ImagePositionPatient: [corner, corner, level],
    ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
    SliceLocation: level,
  };
}

function commonAttributes({ study, slices, rows, seriesNumber }: Acquisition): Attributes {
  const thickness = SCANNED_HEIGHT / slices;
  const seriesDescription = `Head ${thickness.toFixed(1)} mm brain`;
  return {
    ...patientAndStudy(study),
    ...seriesAndEquipment(study, { seriesNumber, modality: MODALITY, seriesDescription }),
    ...scanner(),
    SOPClassUID: CT_IMAGE_STORAGE,
    ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
    FrameOfReferenceUID: uidFrom(study.seed, study.key, 'frame of reference'),
    PositionReferenceIndicator: 'OM',
    PixelSpacing: [HEAD_FIELD_OF_VIEW / rows, HEAD_FIELD_OF_VIEW / rows],
    SliceThickness: thickness,
    SpacingBetweenSlices: thickness,
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: rows,
    Columns: rows,
    BitsAllocated: 16,
    BitsStored: 16,
    HighBit: 15,
    PixelRepresentation: 1,
    RescaleIntercept: -1024,
    RescaleSlope: 1,
    RescaleType: 'HU',
    WindowCenter: [40, 600],
    WindowWidth: [80, 2800],
    WindowCenterWidthExplanation: ['BRAIN', 'BONE'],
  };
}

/** CT Image module (PS3.3 C.8.2.1), with values of an everyday head protocol. */
function scanner(): Attributes {
  return {
    BodyPartExamined: 'HEAD',
    ProtocolName: 'Head routine',
    PatientPosition: 'HFS',
    ScanOptions: 'HELICAL MODE',
    KVP: 120,
    DataCollectionDiameter: 500,
    ReconstructionDiameter: HEAD_FIELD_OF_VIEW,
    DistanceSourceToDetector: 1040,
    DistanceSourceToPatient: 570,
    GantryDetectorTilt: 0,
    TableHeight: 150,
    RotationDirection: 'CW',
    ExposureTime: 1000,
    XRayTubeCurrent: 280,
    Exposure: 280,
    FilterType: 'HEAD FILTER',
    GeneratorPower: 42,
    FocalSpots: 0.7,
    ConvolutionKernel: 'BRAIN',
    SingleCollimationWidth: 0.6,
    TotalCollimationWidth: 38.4,
    SpiralPitchFactor: 0.55,
  };
}

/** Hounsfield units as a scanner of twelve useful bits stores them: 0 is −1024, 4095 is 3071. */
function storedValues(hounsfield: Float32Array): Uint8Array {
  const stored = new Int16Array(hounsfield.length);
  for (let index = 0; index < stored.length; index++) {
    const value = (hounsfield[index] ?? 0) + 1024.5;
    stored[index] = value < 0 ? 0 : value > 4095 ? 4095 : value;
  }
  return new Uint8Array(stored.buffer);
}
