import type { Attributes } from './dictionary.ts';
import type { Instance } from './modules.ts';
import { type ObjectOptions, anObject, code } from './object.ts';
import { uidFrom } from './uid.ts';
import { studyContext } from './instance.ts';

/** A square on the slices of a CT series as `anInstance` lays them out: 0.5 mm a pixel, 2 mm apart, from (-100, -100). */
export interface Square {
  readonly left: number;
  readonly top: number;
  readonly size: number;
}

export interface OnImagesOptions extends Omit<ObjectOptions, 'modality' | 'sopClassUid'> {
  /** The slices, of one series. */
  readonly images: readonly Instance[];
  readonly rows?: number;
  readonly columns?: number;
  readonly square: Square;
}

const SPACING = 0.5;
const CORNER = -100;
const CT = { left: [1, 0, 0, 0, 1, 0], thickness: 2 };

const reference = ({ sopClassUid, sopInstanceUid }: Instance): Attributes => ({
  ReferencedSOPClassUID: sopClassUid,
  ReferencedSOPInstanceUID: sopInstanceUid,
});

const levelOf = ({ instanceNumber }: Instance) => (instanceNumber - 1) * CT.thickness;

/** A binary segmentation of one square on every slice (PS3.3 A.51). */
export function aSegmentation(options: OnImagesOptions): Instance {
  const { images, rows = 64, columns = 64, square } = options;
  const study = studyContext(options.study);
  return anObject({
    seriesDescription: 'Segmentation',
    ...options,
    modality: 'SEG',
    sopClassUid: '1.2.840.10008.5.1.4.1.1.66.4',
    attributes: {
      ImageType: ['DERIVED', 'PRIMARY'],
      FrameOfReferenceUID: uidFrom(study.seed, study.key, 'frame of reference'),
      PositionReferenceIndicator: '',
      SamplesPerPixel: 1,
      PhotometricInterpretation: 'MONOCHROME2',
      NumberOfFrames: images.length,
      Rows: rows,
      Columns: columns,
      BitsAllocated: 1,
      BitsStored: 1,
      HighBit: 0,
      PixelRepresentation: 0,
      LossyImageCompression: '00',
      SegmentationType: 'BINARY',
      ContentLabel: 'SQUARE',
      ContentCreatorName: '',
      SegmentSequence: [segment()],
      ReferencedSeriesSequence: [
        {
          SeriesInstanceUID: images[0]?.seriesInstanceUid ?? '',
          ReferencedInstanceSequence: images.map(reference),
        },
      ],
      SharedFunctionalGroupsSequence: [
        {
          PixelMeasuresSequence: [
            {
              PixelSpacing: [SPACING, SPACING],
              SliceThickness: CT.thickness,
              SpacingBetweenSlices: CT.thickness,
            },
          ],
          PlaneOrientationSequence: [{ ImageOrientationPatient: CT.left }],
        },
      ],
      PerFrameFunctionalGroupsSequence: images.map(frameGroups),
      PixelData: bits({ frames: images.length, rows, columns, square }),
      ...options.attributes,
    },
  });
}

function segment(): Attributes {
  return {
    SegmentNumber: 1,
    SegmentLabel: 'Square',
    SegmentAlgorithmType: 'MANUAL',
    SegmentedPropertyCategoryCodeSequence: code('85756007', 'SCT', 'Tissue'),
    SegmentedPropertyTypeCodeSequence: code('85756007', 'SCT', 'Tissue'),
    RecommendedDisplayCIELabValue: [34885, 53485, 50171],
  };
}

function frameGroups(image: Instance, index: number): Attributes {
  return {
    FrameContentSequence: [{ DimensionIndexValues: [1, index + 1] }],
    PlanePositionSequence: [{ ImagePositionPatient: [CORNER, CORNER, levelOf(image)] }],
    SegmentIdentificationSequence: [{ ReferencedSegmentNumber: 1 }],
    DerivationImageSequence: [{ SourceImageSequence: [reference(image)] }],
  };
}

function bits(of: { frames: number; rows: number; columns: number; square: Square }): Uint8Array {
  const { frames, rows, columns, square } = of;
  const packed = new Uint8Array(Math.ceil((frames * rows * columns) / 8));
  for (let frame = 0; frame < frames; frame++) {
    for (let y = square.top; y < square.top + square.size; y++) {
      for (let x = square.left; x < square.left + square.size; x++) {
        const bit = (frame * rows + y) * columns + x;
        packed[bit >> 3] = (packed[bit >> 3] ?? 0) | (1 << (bit & 7));
      }
    }
  }
  return packed;
}

/** A structure set with the outline of one square on every slice (PS3.3 A.19). */
export function aStructureSet(options: OnImagesOptions): Instance {
  const { images, square } = options;
  const study = studyContext(options.study);
  const frameOfReference = uidFrom(study.seed, study.key, 'frame of reference');
  return anObject({
    seriesDescription: 'Structures',
    ...options,
    modality: 'RTSTRUCT',
    sopClassUid: '1.2.840.10008.5.1.4.1.1.481.3',
    attributes: {
      StructureSetLabel: 'SQUARE',
      StructureSetDate: study.studyDate,
      StructureSetTime: '101500',
      ReferencedFrameOfReferenceSequence: [
        {
          FrameOfReferenceUID: frameOfReference,
          RTReferencedStudySequence: [
            {
              ReferencedSOPClassUID: '1.2.840.10008.3.1.2.3.1',
              ReferencedSOPInstanceUID: images[0]?.studyInstanceUid ?? '',
              RTReferencedSeriesSequence: [
                {
                  SeriesInstanceUID: images[0]?.seriesInstanceUid ?? '',
                  ContourImageSequence: images.map(reference),
                },
              ],
            },
          ],
        },
      ],
      StructureSetROISequence: [
        {
          ROINumber: 1,
          ReferencedFrameOfReferenceUID: frameOfReference,
          ROIName: 'Square',
          ROIGenerationAlgorithm: 'MANUAL',
        },
      ],
      ROIContourSequence: [
        {
          ROIDisplayColor: [255, 0, 0],
          ContourSequence: images.map((image) => outline(image, square)),
          ReferencedROINumber: 1,
        },
      ],
      RTROIObservationsSequence: [
        { ObservationNumber: 1, ReferencedROINumber: 1, RTROIInterpretedType: 'ORGAN', ROIInterpreter: '' },
      ],
      ...options.attributes,
    },
  });
}

function outline(image: Instance, { left, top, size }: Square): Attributes {
  const at = (x: number, y: number) => [CORNER + x * SPACING, CORNER + y * SPACING, levelOf(image)];
  const corners = [at(left, top), at(left + size, top), at(left + size, top + size), at(left, top + size)];
  return {
    ContourImageSequence: [reference(image)],
    ContourGeometricType: 'CLOSED_PLANAR',
    NumberOfContourPoints: corners.length,
    ContourData: corners.flat(),
  };
}
