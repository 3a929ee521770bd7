import { noah } from '../people.ts';
import { writeDicomdir } from './dicomdir.ts';
import type { DiscStudy } from './dicomdir.ts';
import { nameOnDisk, stationLitter, treacherousLitter } from './litter.ts';
import { aStudy } from './study.ts';
import type { Study, StudyFile } from './study.ts';

export interface DiscOptions {
  /** Three studies of one patient, and one of another who should not be there, unless said otherwise. */
  readonly studies?: readonly Study[];
  /** Leave out what only tests want: truncated, empty, disguised and impossibly named files. */
  readonly tame?: boolean;
}

export interface DiscFile {
  readonly path: string;
  /** The same path with names that a file system takes. */
  readonly pathOnDisk: string;
  readonly bytes: Uint8Array;
  /** Set where the file is a whole instance. */
  readonly instance?: StudyFile;
}

export interface Disc {
  readonly files: readonly DiscFile[];
  readonly studies: readonly Study[];
  /** The files that hold a whole instance each. */
  readonly instances: readonly StudyFile[];
}

/** A CD as found in life: numbered folders of instances without extension, a DICOMDIR, a viewer, and litter. */
export function aDisc(options: DiscOptions = {}): Disc {
  const studies = options.studies ?? usualStudies();
  const instances = studies.flatMap((study) => study.files);
  const first = studies[0]?.context ?? aStudy().context;
  return {
    files: [
      { path: 'DICOMDIR', bytes: writeDicomdir('IMAGES', studies.map(discStudy)) },
      ...stationLitter(),
      ...(options.tame ? [] : treacherousLitter(first)),
      ...instances.map((instance) => ({ path: instance.path, bytes: instance.bytes, instance })),
    ].map((file) => ({ ...file, pathOnDisk: file.path.split('/').map(nameOnDisk).join('/') })),
    studies,
    instances,
  };
}

function usualStudies(): Study[] {
  return [
    aStudy({ key: 'disc/chest', studyDescription: 'Chest', series: [{ modality: 'DX', instances: 2 }] }, 1),
    aStudy(
      { key: 'disc/head', studyDescription: 'CT Head', series: [{ instances: 8 }, { instances: 4 }] },
      2,
    ),
    aStudy({ key: 'disc/echo', series: [{ modality: 'US', numberOfFrames: 3, instances: 1 }] }, 3),
    aStudy({ key: 'disc/stray', patient: noah, series: [{ modality: 'CR', instances: 3 }] }, 4),
  ];
}

function discStudy({ context, files }: Study): DiscStudy {
  return { context, files };
}
