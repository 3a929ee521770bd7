/** Where one exam stands on its way to whoever waits for it (features A.14). */
export type ExamState = 'waiting' | 'transferring' | 'confirming' | 'ready';

/** One exam as a recipient, a clerk or an uploader follows it. Dates are `YYYY-MM-DD`, names DICOM PN text. */
export interface ExamProgress {
  studyInstanceUid: string;
  state: ExamState;
  description: string;
  modalities: string[];
  studyDate: string | null;
  seriesCount: number;
  instancesArrived: number;
  /** What the sender said would come; null when nobody announced it. */
  instancesAnnounced: number | null;
  bytes: number;
  /** The upload still bringing images, by whose pace the screen moves. */
  uploadId: string | null;
}

/** The facility's own view of a study, as `study list` prints it. */
export interface StudyListing {
  studyInstanceUid: string;
  patientName: string;
  patientId: string;
  patientBirthDate: string | null;
  studyDate: string | null;
  description: string;
  modalities: string[];
  accessionNumber: string;
  series: number;
  instances: number;
  bytes: number;
}
