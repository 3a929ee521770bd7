import { z } from 'zod';

/** A day that the calendar and the database have: both begin with year 1. */
const day = z.iso.date().refine((value) => !value.startsWith('0000'), { error: 'a day from year 1 on' });

export type UploadState = 'open' | 'sent' | 'arrived' | 'confirmed' | 'withdrawn' | 'abandoned';

/** What the browser found on the disc before a byte left it. Dates are `YYYY-MM-DD`. */
export const manifest = z.object({
  filesChosen: z.number().int().min(0).max(1_000_000),
  filesToSend: z.number().int().min(0).max(1_000_000),
  bytesToSend: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  leftOut: z
    .array(z.object({ reason: z.string().max(80), files: z.number().int().min(1).max(1_000_000) }))
    .max(50),
  /** Images that the disc's own list (its DICOMDIR) names and that are not among the files chosen: a hint. */
  listedMissing: z.number().int().min(0).max(1_000_000).default(0),
  exams: z
    .array(
      z.object({
        studyInstanceUid: z.string().min(1).max(64),
        patientName: z.string().max(400),
        patientBirthDate: day.nullable(),
        studyDate: day.nullable(),
        description: z.string().max(200),
        modalities: z.array(z.string().max(16)).max(20),
        instances: z.number().int().min(1).max(1_000_000),
      }),
    )
    .max(2000)
    .refine((exams) => new Set(exams.map((exam) => exam.studyInstanceUid)).size === exams.length, {
      error: 'each exam once',
    }),
});
export type Manifest = z.input<typeof manifest>;

/** An upload as everybody who may watch it sees it. Times are ISO 8601 in UTC, sizes bytes. */
export interface UploadProgress {
  uploadId: string;
  kind: 'request' | 'staff' | 'device';
  requestId: string | null;
  state: UploadState;
  filesChosen: number;
  filesToSend: number;
  bytesToSend: number;
  /** Left behind in the browser, by reason. */
  leftOut: { reason: string; files: number }[];
  /** Images that the disc's own list names and that were not among the files chosen. */
  listedMissing: number;
  /** Stored and acknowledged, whole packs only; the pace tick tells the bytes in between. */
  bytesReceived: number;
  instancesArrived: number;
  /** Received but not made part of an exam, by reason. */
  setAside: { reason: string; files: number }[];
  createdAt: string;
  firstByteAt: string | null;
  lastByteAt: string | null;
  /** When the sender's browser had sent everything. */
  sentAt: string | null;
  /** When everything sent was understood and stood in exams. */
  arrivedAt: string | null;
  closedAt: string | null;
}

/** A pack the server has, or has the beginning of; the client sends on from there. */
export interface StoredPack {
  contentKey: string;
  blobId: string;
  size: number;
  complete: boolean;
  /** Its files are known one by one, and verified unless the manifest says otherwise. */
  understood: boolean;
}
