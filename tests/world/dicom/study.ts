import type { Patient } from '../people.ts';
import { anInstance, studyContext } from './instance.ts';
import type { InstanceOptions } from './instance.ts';
import { studyInstanceUidOf } from './modules.ts';
import type { Instance, StudyContext } from './modules.ts';

/** One series of a study: how many instances, and anything `anInstance` takes for each of them. */
export interface SeriesOptions extends Omit<InstanceOptions, 'study' | 'seriesNumber' | 'instanceNumber'> {
  readonly instances?: number;
}

export interface StudyOptions extends Partial<StudyContext> {
  /** One CT series of three instances unless said otherwise. */
  readonly series?: readonly SeriesOptions[];
}

export interface StudyFile extends Instance {
  /** Where the file lies in the folder somebody drops: `DICOM/ST000001/SE000001/IM000001`. */
  readonly path: string;
}

export interface Study {
  readonly files: readonly StudyFile[];
  readonly studyInstanceUid: string;
  readonly context: StudyContext;
  readonly patient: Patient;
}

/** A small study of patterned instances, in the folder a CD would give it (`studyNumber` names the folder). */
export function aStudy(options: StudyOptions = {}, studyNumber = 1): Study {
  const { series = [{}], ...given } = options;
  const context = studyContext(given);
  const files = series.flatMap(({ instances = 3, ...each }, index) =>
    Array.from({ length: instances }, (_, at) => {
      const numbers = { seriesNumber: index + 1, instanceNumber: at + 1 };
      return {
        ...anInstance({ ...each, ...numbers, study: context }),
        path: discPath({ studyNumber, ...numbers }),
      };
    }),
  );
  return { files, studyInstanceUid: studyInstanceUidOf(context), context, patient: context.patient };
}

/** The path of an instance as most workstations lay it out on a CD: eight characters, no extension. */
export function discPath(of: { studyNumber: number; seriesNumber: number; instanceNumber: number }): string {
  const part = (prefix: string, number: number) => prefix + String(number).padStart(6, '0');
  return [
    'DICOM',
    part('ST', of.studyNumber),
    part('SE', of.seriesNumber),
    part('IM', of.instanceNumber),
  ].join('/');
}
