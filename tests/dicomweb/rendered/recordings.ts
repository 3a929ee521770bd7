import type { SeriesOptions } from '@filmpost/tests/world/dicom/study.ts';

/** Bytes of which only the beginning is that of a recording: nobody here plays it. */
export function loopOf(beginning: string): Uint8Array {
  return Buffer.concat([Buffer.from([0, 0, 0, 8]), Buffer.from(beginning), Buffer.alloc(1000, 7)]);
}

/** A series with one video instance, MPEG-4 by its transfer syntax. */
export function recording(bytes: Uint8Array): SeriesOptions {
  return {
    modality: 'OT',
    transferSyntaxUid: '1.2.840.10008.1.2.4.102',
    compressedFrames: [bytes],
    numberOfFrames: 25,
  };
}
