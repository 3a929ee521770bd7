import { anInstance } from '../world/dicom/instance.ts';

export interface Slices {
  files: Uint8Array[];
  studyInstanceUid: string;
  bytes: number;
}

/** A CT study of `count` slices of 512×512, 0.53 MB each, in four series; all in memory. */
export function ctSlices(count: number, key: string): Slices {
  const instances = Array.from({ length: count }, (_, i) =>
    anInstance({
      study: { seed: 'bench', key },
      rows: 512,
      columns: 512,
      seriesNumber: 1 + Math.floor((i * 4) / count),
      instanceNumber: 1 + i,
    }),
  );
  return {
    files: instances.map(({ bytes }) => bytes),
    studyInstanceUid: instances[0]?.studyInstanceUid ?? '',
    bytes: instances.reduce((sum, { bytes }) => sum + bytes.length, 0),
  };
}
