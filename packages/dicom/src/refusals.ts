/** Why a file is not taken, in words a clerk can pass on. */

export type RefusalReason =
  | 'empty'
  | 'not-dicom'
  | 'dicomdir'
  | 'program-preamble'
  | 'truncated'
  | 'no-identity'
  | 'too-deep'
  | 'too-large-header'
  | 'inflate-unavailable'
  | 'inflate-failed'
  | 'inflate-limit';

/** One sentence each. */
export const REFUSAL_SENTENCES: Record<RefusalReason, string> = {
  empty: 'The file is empty.',
  'not-dicom': 'This is not a DICOM file.',
  dicomdir: 'This is the table of contents of a disc; the images it lists are taken on their own.',
  'program-preamble': 'The file begins like a program or a web page; files of this kind are not taken.',
  truncated: 'The file ends before its picture begins; it may have been damaged when it was copied.',
  'no-identity': 'The file does not say which study, series or image it is, so it cannot be filed.',
  'too-deep': 'The header of the file is nested deeper than any real image needs.',
  'too-large-header': 'The header of the file is larger than any real image needs.',
  'inflate-unavailable': 'The file is compressed as a whole and cannot be read here.',
  'inflate-failed': 'The file is compressed as a whole and its content is damaged.',
  'inflate-limit': 'The file is compressed as a whole and its content is larger than is taken.',
};
