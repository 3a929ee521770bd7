import { z } from 'zod';
import type { ExamProgress } from '../archive/schema.ts';

/** A share of exams named by UID, or one that follows whatever a request brings. */
export const newShare = z.object({
  facility: z.string().max(60),
  /** Naming one twice shares it once. */
  studyInstanceUids: z
    .array(z.string().min(1).max(64))
    .max(500)
    .default([])
    .transform((uids) => [...new Set(uids)]),
  requestId: z.uuid().optional(),
  birthDate: z.string().max(60).optional(),
  note: z.string().max(500).default(''),
});
export type NewShare = z.input<typeof newShare>;

export interface CreatedShare {
  shareId: string;
  /** `VTX5HN8DP`; print it in groups. */
  code: string;
  url: string;
  expiresAt: string;
}

export interface SharedExam extends ExamProgress {
  /** What a download names the exam by; null before its first image. */
  studyId: string | null;
  /** When its sender's last byte came, or the upload was opened; null when nothing is on its way. */
  lastMovedAt: string | null;
}

/** The Share Inbox: what a recipient sees after code and date of birth. */
export interface Inbox {
  shareId: string;
  patientName: string;
  patientBirthDate: string;
  facilityName: string;
  contactPhone: string | null;
  contactEmail: string | null;
  expiresAt: string;
  exams: SharedExam[];
  /** Follow events after this one. */
  cursor: string;
}

/** A share in the facility's list. The code itself is shown only on request. */
export interface ShareListing {
  shareId: string;
  patientName: string;
  patientBirthDate: string;
  requestId: string | null;
  exams: number;
  createdAt: string;
  expiresAt: string;
  state: 'active' | 'expired' | 'revoked' | 'locked';
  openedAt: string | null;
}
