import type { Attributes } from './dictionary.ts';
import { studyContext } from './instance.ts';
import { patientAndStudy, seriesAndEquipment } from './modules.ts';
import { seriesInstanceUidOf, sopInstanceUidOf, studyInstanceUidOf } from './modules.ts';
import type { Instance, StudyContext } from './modules.ts';
import { transferSyntaxes, writePart10 } from './part10.ts';

export interface ObjectOptions {
  readonly study?: Partial<StudyContext>;
  readonly modality: string;
  readonly sopClassUid: string;
  readonly seriesNumber?: number;
  readonly instanceNumber?: number;
  readonly seriesDescription?: string;
  /** What makes it the kind of object it is. */
  readonly attributes?: Attributes;
}

/** An instance that is no image: patient, study, series, equipment and what is given. */
export function anObject(options: ObjectOptions): Instance {
  const { modality, sopClassUid, seriesNumber = 1, instanceNumber = 1, seriesDescription } = options;
  const study = studyContext(options.study);
  const sopInstanceUid = sopInstanceUidOf(study, seriesNumber, instanceNumber);
  const attributes = {
    ...patientAndStudy(study),
    ...seriesAndEquipment(study, { seriesNumber, modality, seriesDescription }),
    SOPClassUID: sopClassUid,
    SOPInstanceUID: sopInstanceUid,
    InstanceNumber: instanceNumber,
    ContentDate: study.studyDate,
    ContentTime: study.studyTime ?? '101500',
    ...options.attributes,
  };
  return {
    bytes: writePart10({ attributes }),
    studyInstanceUid: studyInstanceUidOf(study),
    seriesInstanceUid: seriesInstanceUidOf(study, seriesNumber),
    sopInstanceUid,
    sopClassUid,
    transferSyntaxUid: transferSyntaxes.explicitVrLittleEndian,
    modality,
    seriesNumber,
    instanceNumber,
    numberOfFrames: 1,
  };
}

/** A code sequence of one item (PS3.3 8.8). */
export function code(CodeValue: string, CodingSchemeDesignator: string, CodeMeaning: string): Attributes[] {
  return [{ CodeValue, CodingSchemeDesignator, CodeMeaning }];
}
