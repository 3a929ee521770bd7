import type { Attributes } from './dictionary.ts';
import { studyContext } from './instance.ts';
import { imageIdentity, patientAndStudy, seriesAndEquipment } from './modules.ts';
import { seriesInstanceUidOf, sopInstanceUidOf, studyInstanceUidOf } from './modules.ts';
import type { Instance, StudyContext } from './modules.ts';
import { transferSyntaxes, writePart10 } from './part10.ts';
import { echoFrames, fanOf } from './phantom/echo.ts';
import type { EchoPicture } from './phantom/echo.ts';

const ULTRASOUND_MULTI_FRAME = '1.2.840.10008.5.1.4.1.1.3.1';
const MODALITY = 'US';
const FRAME_TIME_TAG = 0x00181063;
const FRAMES_PER_SECOND = 30;

export interface UltrasoundCineOptions extends Partial<StudyContext>, Partial<EchoPicture> {
  readonly seriesNumber?: number;
}

/** One heartbeat in the apical four-chamber view: 30 frames of 480 × 360 in a second, 8 bits, MONOCHROME2. */
export function ultrasoundCine(options: UltrasoundCineOptions = {}): Instance {
  const { columns = 480, rows = 360, frames = 30, seriesNumber = 1, ...given } = options;
  const study = studyContext({ studyDescription: 'Echocardiogram transthoracic', ...given });
  const picture = { columns, rows, frames };
  const attributes = {
    ...patientAndStudy(study),
    ...seriesAndEquipment(study, {
      seriesNumber,
      modality: MODALITY,
      seriesDescription: 'Apical four chamber',
    }),
    ...imageIdentity(study, seriesNumber, 1),
    ...cineAttributes(picture),
    SOPClassUID: ULTRASOUND_MULTI_FRAME,
    PixelData: echoFrames(`${study.seed}/${study.key}`, picture),
  };
  return {
    bytes: writePart10({ attributes }),
    studyInstanceUid: studyInstanceUidOf(study),
    seriesInstanceUid: seriesInstanceUidOf(study, seriesNumber),
    sopInstanceUid: sopInstanceUidOf(study, seriesNumber, 1),
    sopClassUid: ULTRASOUND_MULTI_FRAME,
    transferSyntaxUid: transferSyntaxes.explicitVrLittleEndian,
    modality: MODALITY,
    seriesNumber,
    instanceNumber: 1,
    numberOfFrames: frames,
  };
}

/** US Image, Cine, Multi-frame and US Region Calibration modules (PS3.3 C.8.5.6, C.7.6.5, C.7.6.6, C.8.5.5). */
function cineAttributes(picture: EchoPicture): Attributes {
  return {
    BodyPartExamined: 'HEART',
    ImageType: ['ORIGINAL', 'PRIMARY', 'TTE', '0001'],
    BurnedInAnnotation: 'YES',
    TransducerType: 'SECTOR_PHASED',
    UltrasoundColorDataPresent: 0,
    SequenceOfUltrasoundRegions: [region(picture)],
    CineRate: FRAMES_PER_SECOND,
    RecommendedDisplayFrameRate: FRAMES_PER_SECOND,
    FrameTime: 1000 / FRAMES_PER_SECOND,
    FrameDelay: 0,
    StartTrim: 1,
    StopTrim: picture.frames,
    HeartRate: Math.round((60 * FRAMES_PER_SECOND) / picture.frames),
    NumberOfFrames: picture.frames,
    FrameIncrementPointer: FRAME_TIME_TAG,
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: picture.rows,
    Columns: picture.columns,
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    PixelRepresentation: 0,
    WindowCenter: 128,
    WindowWidth: 256,
  };
}

/** Both axes in centimetres from the apex of the fan, so that viewers can measure. */
function region(picture: EchoPicture): Attributes {
  const fan = fanOf(picture);
  const side = fan.radius * Math.sin((fan.halfAngle * Math.PI) / 180);
  const centimetresPerPixel = fan.depth / fan.radius;
  return {
    RegionSpatialFormat: 1,
    RegionDataType: 1,
    RegionFlags: 2,
    RegionLocationMinX0: Math.round(fan.apexX - side),
    RegionLocationMinY0: Math.round(fan.apexY),
    RegionLocationMaxX1: Math.round(fan.apexX + side),
    RegionLocationMaxY1: Math.round(fan.apexY + fan.radius),
    ReferencePixelX0: Math.round(side),
    ReferencePixelY0: 0,
    ReferencePixelPhysicalValueX: 0,
    ReferencePixelPhysicalValueY: 0,
    PhysicalUnitsXDirection: 3,
    PhysicalUnitsYDirection: 3,
    PhysicalDeltaX: centimetresPerPixel,
    PhysicalDeltaY: centimetresPerPixel,
  };
}
