import { ada } from '../people.ts';
import type { Attributes, Element } from './dictionary.ts';
import { imageIdentity, patientAndStudy, seriesAndEquipment } from './modules.ts';
import { seriesInstanceUidOf, sopInstanceUidOf, studyInstanceUidOf } from './modules.ts';
import type { Instance, StudyContext } from './modules.ts';
import { transferSyntaxes, writePart10 } from './part10.ts';
import { patternPixels } from './pattern.ts';
import { rleFrame } from './rle.ts';
import { uidFrom } from './uid.ts';
import type { Encapsulated } from './values.ts';

/** Storage SOP classes by modality (PS3.4 section B.5). */
const SOP_CLASSES: { readonly [modality: string]: string } = {
  CT: '1.2.840.10008.5.1.4.1.1.2',
  MR: '1.2.840.10008.5.1.4.1.1.4',
  CR: '1.2.840.10008.5.1.4.1.1.1',
  DX: '1.2.840.10008.5.1.4.1.1.1.1',
  MG: '1.2.840.10008.5.1.4.1.1.1.2',
  US: '1.2.840.10008.5.1.4.1.1.6.1',
  XA: '1.2.840.10008.5.1.4.1.1.12.1',
  NM: '1.2.840.10008.5.1.4.1.1.20',
  PT: '1.2.840.10008.5.1.4.1.1.128',
  OT: '1.2.840.10008.5.1.4.1.1.7',
};
const MULTI_FRAME_ULTRASOUND = '1.2.840.10008.5.1.4.1.1.3.1';

export interface InstanceOptions {
  readonly study?: Partial<StudyContext>;
  readonly modality?: string;
  readonly seriesNumber?: number;
  readonly seriesDescription?: string;
  readonly instanceNumber?: number;
  /** Whose pattern the picture shows; the instance number unless said otherwise. */
  readonly pattern?: number;
  readonly rows?: number;
  readonly columns?: number;
  readonly numberOfFrames?: number;
  /** 16 unless the modality is US. */
  readonly bitsAllocated?: 8 | 16;
  /** One of `transferSyntaxes`, or any other together with `compressedFrames`. */
  readonly transferSyntaxUid?: string;
  /** The frames of a transfer syntax this world cannot encode, taken as they are. */
  readonly compressedFrames?: readonly Uint8Array[];
  readonly undefinedLength?: boolean;
  readonly bareDataSet?: boolean;
  /** Attributes set last: `undefined` removes one, anything else replaces it. */
  readonly attributes?: Attributes;
  readonly extraElements?: readonly Element[];
}

/** The study a test gets when it does not say which. */
export function studyContext(study: Partial<StudyContext> = {}): StudyContext {
  return { seed: 'test', key: 'study', patient: ada, studyDate: '20260412', ...study };
}

/**
 * A small image instance whose pixels are `patternAt(instanceNumber, x, y)`. Two calls with the same options give
 * the same bytes; instances that differ in any number or in `study.key` differ in UID and, for the instance
 * number, in picture.
 */
export function anInstance(options: InstanceOptions = {}): Instance {
  const study = studyContext(options.study);
  const { modality = 'CT', seriesNumber = 1, instanceNumber = 1, numberOfFrames = 1 } = options;
  const transferSyntaxUid = options.transferSyntaxUid ?? transferSyntaxes.explicitVrLittleEndian;
  const sopClassUid = sopClassUidOf(modality, numberOfFrames);
  const { undefinedLength, bareDataSet, extraElements } = options;
  const attributes = {
    ...patientAndStudy(study),
    ...seriesAndEquipment(study, { seriesNumber, modality, seriesDescription: options.seriesDescription }),
    ...imageIdentity(study, seriesNumber, instanceNumber),
    Laterality: '',
    ...geometry(study, options),
    ...pixels({ ...options, modality, instanceNumber, transferSyntaxUid }),
    SOPClassUID: sopClassUid,
    ...options.attributes,
  };
  return {
    bytes: writePart10({ attributes, transferSyntaxUid, undefinedLength, bareDataSet, extraElements }),
    studyInstanceUid: studyInstanceUidOf(study),
    seriesInstanceUid: seriesInstanceUidOf(study, seriesNumber),
    sopInstanceUid: sopInstanceUidOf(study, seriesNumber, instanceNumber),
    sopClassUid,
    transferSyntaxUid,
    modality,
    seriesNumber,
    instanceNumber,
    numberOfFrames,
  };
}

function sopClassUidOf(modality: string, numberOfFrames: number): string {
  if (modality === 'US' && numberOfFrames > 1) return MULTI_FRAME_ULTRASOUND;
  return SOP_CLASSES[modality] ?? '1.2.840.10008.5.1.4.1.1.7';
}

/** Image Plane (PS3.3 C.7.6.2) for the cross-sectional modalities, so that viewers can sort and stack. */
function geometry(study: StudyContext, options: InstanceOptions): Attributes {
  const { modality = 'CT', instanceNumber = 1 } = options;
  if (!['CT', 'MR', 'PT'].includes(modality)) return {};
  return {
    ImagePositionPatient: [-100, -100, (instanceNumber - 1) * 2],
    ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
    PixelSpacing: [0.5, 0.5],
    SliceThickness: 2,
    SliceLocation: (instanceNumber - 1) * 2,
    FrameOfReferenceUID: uidFrom(study.seed, study.key, 'frame of reference'),
    PositionReferenceIndicator: '',
    PatientPosition: 'HFS',
    ...(modality === 'CT' ? { RescaleIntercept: -1024, RescaleSlope: 1, RescaleType: 'HU', KVP: 120 } : {}),
  };
}

function pixels(
  options: InstanceOptions & { modality: string; instanceNumber: number; transferSyntaxUid: string },
): Attributes {
  const { rows = 64, columns = 64, numberOfFrames = 1, modality, instanceNumber } = options;
  const bitsAllocated = options.bitsAllocated ?? (modality === 'US' ? 8 : 16);
  const bitsStored = bitsAllocated === 8 ? 8 : 12;
  const native = patternPixels(options.pattern ?? instanceNumber, {
    rows,
    columns,
    bitsAllocated,
    frames: numberOfFrames,
  });
  return {
    ImageType: ['ORIGINAL', 'PRIMARY', ...(modality === 'CT' ? ['AXIAL'] : [])],
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: rows,
    Columns: columns,
    BitsAllocated: bitsAllocated,
    BitsStored: bitsStored,
    HighBit: bitsStored - 1,
    PixelRepresentation: 0,
    WindowCenter: bitsAllocated === 8 ? 128 : modality === 'CT' ? 1024 : 2048,
    WindowWidth: bitsAllocated === 8 ? 256 : 4096,
    ...(numberOfFrames > 1
      ? { NumberOfFrames: numberOfFrames, FrameTime: 40, FrameIncrementPointer: 0x00181063 }
      : {}),
    PixelData: options.compressedFrames
      ? { fragments: options.compressedFrames }
      : options.transferSyntaxUid === transferSyntaxes.rleLossless
        ? rleFrames(native, { bytesPerPixel: bitsAllocated === 8 ? 1 : 2, columns, numberOfFrames })
        : native,
  };
}

function rleFrames(
  native: Uint8Array,
  picture: { bytesPerPixel: 1 | 2; columns: number; numberOfFrames: number },
): Encapsulated {
  const size = native.length / picture.numberOfFrames;
  const frame = (index: number) => native.subarray(index * size, (index + 1) * size);
  return {
    fragments: Array.from({ length: picture.numberOfFrames }, (_, index) =>
      rleFrame(frame(index), picture.bytesPerPixel, picture.columns),
    ),
  };
}
