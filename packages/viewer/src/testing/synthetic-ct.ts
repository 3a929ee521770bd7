/**
 * A made-up CT series: 32 slices of 256 × 256, each an 8 × 8 board of grey fields that no other slice shows.
 * Stored as unsigned 16-bit little endian with a rescale, so that a wrong byte order, rescale, window or slice
 * shows as a wrong picture.
 */
export const columns = 256;
export const rows = 256;
export const slices = 32;
export const explicitVrLittleEndian = '1.2.840.10008.1.2.1';
const intercept = -1024;
const windowCenter = 40;
const windowWidth = 400;
const field = 32;

export const studyInstanceUid = '1.2.826.0.1.3680043.10.1500.1';
export const seriesInstanceUid = `${studyInstanceUid}.1`;
export const sopInstanceUidOf = (slice: number) => `${seriesInstanceUid}.${slice + 1}`;
export const sliceOf = (sopInstanceUid: string) => Number(sopInstanceUid.split('.').at(-1)) - 1;

/** Hounsfield units; every eighth field or so lies outside the window. */
function hounsfieldAt(slice: number, column: number, row: number): number {
  const board = Math.floor(row / field) * 8 + Math.floor(column / field);
  return ((board * 37 + slice * 61) % 480) - 200;
}

/** PS3.3 C.11.2.1.2.1, the linear window, as 0 to 255. */
export function grayAt(slice: number, column: number, row: number): number {
  const share = (hounsfieldAt(slice, column, row) - (windowCenter - 0.5)) / (windowWidth - 1) + 0.5;
  return Math.min(1, Math.max(0, share)) * 255;
}

export function frameOf(slice: number): Uint8Array<ArrayBuffer> {
  const pixels = new DataView(new ArrayBuffer(columns * rows * 2));
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      pixels.setUint16((row * columns + column) * 2, hounsfieldAt(slice, column, row) - intercept, true);
    }
  }
  return new Uint8Array(pixels.buffer);
}

interface Attribute {
  vr: string;
  Value?: (string | number | { Alphabetic: string })[];
}
export type DicomJson = Record<string, Attribute>;

const attribute = (vr: string, ...Value: (string | number | { Alphabetic: string })[]): Attribute => ({
  vr,
  Value,
});

export const studyJson: DicomJson = {
  '00080020': attribute('DA', '20240229'),
  '00080030': attribute('TM', '120000'),
  '00080050': attribute('SH', 'ACC1'),
  '00080061': attribute('CS', 'CT'),
  '00081030': attribute('LO', 'Synthetic board'),
  '00100010': attribute('PN', { Alphabetic: 'Board^Synthetic' }),
  '00100020': attribute('LO', 'SYN-1'),
  '00100030': attribute('DA', '19700101'),
  '0020000D': attribute('UI', studyInstanceUid),
  '00201206': attribute('IS', 1),
  '00201208': attribute('IS', slices),
};

export const seriesJson: DicomJson = {
  '00080021': attribute('DA', '20240229'),
  '00080031': attribute('TM', '120000'),
  '00080060': attribute('CS', 'CT'),
  '0008103E': attribute('LO', 'Fields'),
  '0020000D': attribute('UI', studyInstanceUid),
  '0020000E': attribute('UI', seriesInstanceUid),
  '00200011': attribute('IS', 1),
  '00201209': attribute('IS', slices),
};

export function instanceJson(slice: number): DicomJson {
  return {
    ...studyJson,
    ...seriesJson,
    '00080016': attribute('UI', '1.2.840.10008.5.1.4.1.1.2'),
    '00080018': attribute('UI', sopInstanceUidOf(slice)),
    '00083002': attribute('UI', explicitVrLittleEndian),
    '00180050': attribute('DS', 1),
    '00200013': attribute('IS', slice + 1),
    '00200032': attribute('DS', 0, 0, slice),
    '00200037': attribute('DS', 1, 0, 0, 0, 1, 0),
    '00200052': attribute('UI', `${studyInstanceUid}.2`),
    '00280002': attribute('US', 1),
    '00280004': attribute('CS', 'MONOCHROME2'),
    '00280010': attribute('US', rows),
    '00280011': attribute('US', columns),
    '00280030': attribute('DS', 0.7, 0.7),
    '00280100': attribute('US', 16),
    '00280101': attribute('US', 16),
    '00280102': attribute('US', 15),
    '00280103': attribute('US', 0),
    '00281050': attribute('DS', windowCenter),
    '00281051': attribute('DS', windowWidth),
    '00281052': attribute('DS', intercept),
    '00281053': attribute('DS', 1),
  };
}
