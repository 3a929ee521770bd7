/** What is odd about a file that is accepted all the same; the exact bytes are kept whatever we think of them. */

export type HeadWarning =
  | 'preamble-not-empty'
  | 'no-preamble'
  | 'no-file-meta'
  | 'transfer-syntax-missing'
  | 'transfer-syntax-lies'
  | 'unknown-vr'
  | 'length-overflow'
  | 'missing-delimiter'
  | 'stray-delimiter'
  | 'trailing-bytes'
  | 'header-cut-off'
  | 'pixel-data-cut-off'
  | 'pixel-data-short'
  | 'unknown-character-set';

/** One sentence each, for the person at the desk. */
export const WARNING_SENTENCES: Record<HeadWarning, string> = {
  'preamble-not-empty': 'The 128 bytes before the image header hold something that is not imaging.',
  'no-preamble': 'The file starts without the usual DICOM preamble.',
  'no-file-meta': 'The file has no meta header, so its encoding was worked out from its content.',
  'transfer-syntax-missing': 'The file does not say how it is encoded; this was worked out from its content.',
  'transfer-syntax-lies': 'The file is encoded differently from what its header says.',
  'unknown-vr': 'The file uses a value type that DICOM does not know.',
  'length-overflow': 'A part of the header claims to be longer than what holds it.',
  'missing-delimiter': 'A list in the header is not closed.',
  'stray-delimiter': 'A list in the header is closed twice or holds something that is no entry.',
  'trailing-bytes': 'Stray bytes follow the last element.',
  'header-cut-off': 'The file ends early, but everything that identifies it is there.',
  'pixel-data-cut-off':
    'The file ends before its last picture does; some pictures may be missing or damaged.',
  'pixel-data-short': 'The picture holds fewer bytes than its size calls for.',
  'unknown-character-set':
    'The file names a character set that DICOM does not know; some letters may be wrong.',
};
