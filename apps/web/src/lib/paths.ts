/**
 * The only builder of links. An address holds opaque ids and DICOM UIDs, never a name, a date of birth or a code:
 * addresses end in histories and logs.
 */
function path(...segments: string[]): string {
  return `/${segments.map(encodeURIComponent).join('/')}`;
}

function query(address: string, parameters: [name: string, value: string][]): string {
  return parameters.length === 0 ? address : `${address}?${new URLSearchParams(parameters)}`;
}

export const home = () => path();

/** Where a security code and a date of birth are entered. */
export const view = () => path('view');
/** The Share Inbox of an opened share. */
export const inbox = (shareId: string) => path('view', shareId);
/** The viewer's page for one exam of a share. */
export const viewer = (shareId: string, studyInstanceUid: string) =>
  path('view', shareId, 'exams', studyInstanceUid);

/** Where an outside facility enters the PIN of its Request Page. */
export const requestPage = (facilitySlug: string) => path('r', facilitySlug);

export const signIn = () => path('sign-in');
export const signOut = () => path('sign-out');

/** The Clerical Interface. */
export const desk = () => path('desk');
export const deskRequests = () => path('desk', 'requests');
export const deskNewRequest = () => path('desk', 'requests', 'new');
export const deskRequest = (requestId: string) => path('desk', 'requests', requestId);
export const deskUploads = () => path('desk', 'uploads');
export const deskUpload = (uploadId: string) => path('desk', 'uploads', uploadId);
export const deskExams = () => path('desk', 'exams');
export const deskExam = (studyInstanceUid: string) => path('desk', 'exams', studyInstanceUid);
export const deskShares = () => path('desk', 'shares');
export const deskShare = (shareId: string) => path('desk', 'shares', shareId);

/** What the chooser of `Download Exams` asks for. No studies means every exam of the share. */
export interface DownloadChoice {
  format: 'zip' | 'iso';
  studyInstanceUids?: string[];
  includeViewer?: boolean;
}

/** The bytes of a ZIP or a disk image of a share. */
export function download(
  shareId: string,
  { format, studyInstanceUids, includeViewer }: DownloadChoice,
): string {
  const studies = (studyInstanceUids ?? []).map((uid): [string, string] => ['study', uid]);
  return query(path('downloads', shareId, format), [...studies, ...(includeViewer ? viewerIncluded : [])]);
}

const viewerIncluded: [string, string][] = [['viewer', '1']];
