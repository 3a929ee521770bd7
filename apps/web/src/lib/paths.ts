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

/** Whether this network lets uploading and viewing through. */
export const networkCheck = () => path('check');

/** Checks a downloaded package in the browser. */
export const verify = () => path('verify');

/** The help page, at one of its subjects. */
export const help = (subject?: HelpSubject) => `${path('help')}${subject ? `#${subject}` : ''}`;
export type HelpSubject =
  'view' | 'download' | 'import' | 'pacs' | 'mount' | 'burn' | 'usb' | 'verify' | 'unreachable';

/** Where a security code and a date of birth are entered. */
export const view = () => path('view');
/** The Share Inbox of an opened share. */
export const inbox = (shareId: string) => path('view', shareId);
/** Where the exams of a share are brought into a PACS: with a key, or by the browser itself. */
export const intoPacs = (shareId: string) => path('view', shareId, 'pacs');
/** The viewer's page for one exam of a share, or for two side by side. */
export const viewer = (shareId: string, studyInstanceUid: string, beside?: string) =>
  query(path('view', shareId, 'exams', studyInstanceUid), beside ? [['beside', beside]] : []);

/** Where somebody who ends the session lands; the page then has the browser forget the images it kept. */
export const viewAfterLeaving = () => query(view(), [['left', '']]);
/** How the viewer opens an exam. The names of its own parameters are OHIF's. */
export interface Looking {
  /** Another study, to be shown side by side. */
  beside?: string | undefined;
  /** Too narrow for two images beside each other: one above the other. */
  narrow?: boolean | undefined;
  /** Where somebody was who has the exam opened anew. */
  place?: { seriesInstanceUid: string; sopInstanceUid: string } | undefined;
  /** DICOM segmentations are read by code compiled at run time; only a page that shows some may do that. */
  segmentations?: boolean | undefined;
}

function viewerItself(studyInstanceUid: string, scope: [string, string], looking: Looking): string {
  const { beside, narrow, place, segmentations } = looking;
  return query(path('ohif', 'viewer'), [
    ['StudyInstanceUIDs', [studyInstanceUid, beside].filter(Boolean).join(',')],
    scope,
    ...pairs({
      hangingProtocolId: beside && '@ohif/hpCompare',
      stageId: beside && (narrow ? 'stacked' : 'beside'),
      initialSeriesInstanceUID: place?.seriesInstanceUid,
      initialSOPInstanceUID: place?.sopInstanceUid,
      segmentations: segmentations ? 'yes' : undefined,
    }),
  ]);
}

function pairs(parameters: Record<string, string | undefined>): [string, string][] {
  return Object.entries(parameters).flatMap(([name, value]) => (value ? [[name, value]] : []));
}

/** The viewer itself, inside the frame of the viewer's page. */
export const viewerFrame = (shareId: string, studyInstanceUid: string, looking: Looking = {}) =>
  viewerItself(studyInstanceUid, ['share', shareId], looking);

/** Where an outside facility enters the PIN of its Request Page. */
export const requestPage = (facilitySlug: string) => path('r', facilitySlug);

/** @param next the path to come back to; only a path of our own is followed */
export const signIn = (next?: string) => query(path('sign-in'), next ? [['next', next]] : []);
export const signOut = () => path('sign-out');

/** The Clerical Interface: leads on to the facility where one works. */
export const desk = () => path('desk');
export const deskRequests = (facility: string) => path('desk', facility, 'requests');
export const deskNewRequest = (facility: string) => path('desk', facility, 'requests', 'new');
export const deskRequest = (facility: string, requestId: string) =>
  path('desk', facility, 'requests', requestId);
export const deskUploads = (facility: string) => path('desk', facility, 'uploads');
export const deskNewUpload = (facility: string) => path('desk', facility, 'uploads', 'new');
export const deskUpload = (facility: string, uploadId: string) => path('desk', facility, 'uploads', uploadId);
/** The administrator's Live Upload Monitor, and one upload beside it. */
export const deskMonitor = (facility: string) => path('desk', facility, 'monitor');
export const deskMonitored = (facility: string, uploadId: string) =>
  path('desk', facility, 'monitor', uploadId);
export const deskExams = (facility: string) => path('desk', facility, 'exams');
export const deskExam = (facility: string, studyInstanceUid: string) =>
  path('desk', facility, 'exams', studyInstanceUid);
export const deskShares = (facility: string) => path('desk', facility, 'shares');
export const deskShare = (facility: string, shareId: string) => path('desk', facility, 'shares', shareId);

/** The viewer itself, for a facility's staff; stands in a frame. */
export const staffViewer = (facility: string, studyInstanceUid: string, looking: Looking = {}) =>
  viewerItself(studyInstanceUid, ['facility', facility], looking);

/** The bytes of a package, which a share's recipient or a facility's staff has asked for. */
export const packageDownload = (from: { shareId: string } | { facility: string }, packageId: string) =>
  'shareId' in from
    ? path('downloads', from.shareId, 'packages', packageId)
    : path('downloads', 'f', from.facility, 'packages', packageId);
