/** Transfer syntaxes (PS3.5 Annex A, PS3.6 Annex A) and how their frames travel (PS3.18 8.7.3). */

export interface TransferSyntax {
  uid: string;
  name: string;
  /** Pixel data lies in fragments (PS3.5 A.4). */
  encapsulated: boolean;
  /** Media type of one stored frame; octet-stream for native pixels. */
  frameMediaType: string;
  /** The whole recording is one stream, not a row of frames. */
  video: boolean;
}

export const IMPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2';
export const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
export const DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1.99';
export const EXPLICIT_VR_BIG_ENDIAN = '1.2.840.10008.1.2.2';

const OCTETS = 'application/octet-stream';

const NATIVE: [uid: string, name: string][] = [
  [IMPLICIT_VR_LITTLE_ENDIAN, 'Implicit VR Little Endian'],
  [EXPLICIT_VR_LITTLE_ENDIAN, 'Explicit VR Little Endian'],
  [DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN, 'Deflated Explicit VR Little Endian'],
  [EXPLICIT_VR_BIG_ENDIAN, 'Explicit VR Big Endian'],
];

/** UIDs below 1.2.840.10008.1.2. */
const ENCAPSULATED: [suffix: string, name: string, mediaType: string][] = [
  ['1.98', 'Encapsulated Uncompressed Explicit VR Little Endian', OCTETS],
  ['4.50', 'JPEG Baseline', 'image/jpeg'],
  ['4.51', 'JPEG Extended', 'image/jpeg'],
  ['4.53', 'JPEG Spectral Selection', 'image/jpeg'],
  ['4.55', 'JPEG Full Progression', 'image/jpeg'],
  ['4.57', 'JPEG Lossless', 'image/jpeg'],
  ['4.70', 'JPEG Lossless SV1', 'image/jpeg'],
  ['4.80', 'JPEG-LS Lossless', 'image/jls'],
  ['4.81', 'JPEG-LS Near-Lossless', 'image/jls'],
  ['4.90', 'JPEG 2000 Lossless', 'image/jp2'],
  ['4.91', 'JPEG 2000', 'image/jp2'],
  ['4.92', 'JPEG 2000 Multi-component Lossless', 'image/jpx'],
  ['4.93', 'JPEG 2000 Multi-component', 'image/jpx'],
  ['4.110', 'JPEG XL Lossless', 'image/jxl'],
  ['4.111', 'JPEG XL JPEG Recompression', 'image/jxl'],
  ['4.112', 'JPEG XL', 'image/jxl'],
  ['4.201', 'High-Throughput JPEG 2000 Lossless', 'image/jphc'],
  ['4.202', 'High-Throughput JPEG 2000 RPCL Lossless', 'image/jphc'],
  ['4.203', 'High-Throughput JPEG 2000', 'image/jphc'],
  ['5', 'RLE Lossless', 'image/dicom-rle'],
  ['8.1', 'Deflated Image Frame', OCTETS],
];

const VIDEO: [suffix: string, name: string, mediaType: string][] = [
  ['4.100', 'MPEG-2 Main Profile Main Level', 'video/mpeg'],
  ['4.100.1', 'MPEG-2 Main Profile Main Level, fragmentable', 'video/mpeg'],
  ['4.101', 'MPEG-2 Main Profile High Level', 'video/mpeg'],
  ['4.101.1', 'MPEG-2 Main Profile High Level, fragmentable', 'video/mpeg'],
  ['4.102', 'MPEG-4 AVC/H.264 High Profile', 'video/mp4'],
  ['4.102.1', 'MPEG-4 AVC/H.264 High Profile, fragmentable', 'video/mp4'],
  ['4.103', 'MPEG-4 AVC/H.264 BD-compatible', 'video/mp4'],
  ['4.103.1', 'MPEG-4 AVC/H.264 BD-compatible, fragmentable', 'video/mp4'],
  ['4.104', 'MPEG-4 AVC/H.264 High Profile 4.2 2D', 'video/mp4'],
  ['4.104.1', 'MPEG-4 AVC/H.264 High Profile 4.2 2D, fragmentable', 'video/mp4'],
  ['4.105', 'MPEG-4 AVC/H.264 High Profile 4.2 3D', 'video/mp4'],
  ['4.105.1', 'MPEG-4 AVC/H.264 High Profile 4.2 3D, fragmentable', 'video/mp4'],
  ['4.106', 'MPEG-4 AVC/H.264 Stereo High Profile', 'video/mp4'],
  ['4.106.1', 'MPEG-4 AVC/H.264 Stereo High Profile, fragmentable', 'video/mp4'],
  ['4.107', 'HEVC/H.265 Main Profile', 'video/H265'],
  ['4.108', 'HEVC/H.265 Main 10 Profile', 'video/H265'],
];

/** By UID. */
export const TRANSFER_SYNTAXES = new Map<string, TransferSyntax>();
for (const [uid, name] of NATIVE)
  TRANSFER_SYNTAXES.set(uid, { uid, name, encapsulated: false, frameMediaType: OCTETS, video: false });
for (const [rows, video] of [[ENCAPSULATED, false] as const, [VIDEO, true] as const])
  for (const [suffix, name, frameMediaType] of rows) {
    const uid = `${IMPLICIT_VR_LITTLE_ENDIAN}.${suffix}`;
    TRANSFER_SYNTAXES.set(uid, { uid, name, encapsulated: true, frameMediaType, video });
  }

/** What a UID stands for; an unknown one counts as encapsulated octets, as every new one has been so far. */
export function transferSyntax(uid: string): TransferSyntax {
  const known = TRANSFER_SYNTAXES.get(uid);
  return known ?? { uid, name: uid, encapsulated: true, frameMediaType: OCTETS, video: false };
}
