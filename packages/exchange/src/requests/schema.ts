import { z } from 'zod';
import type { Decline, DeclinedBy } from './declining/schema.ts';

export const newRequest = z.object({
  facility: z.string().max(60),
  /** DICOM PN text, `Family^Given`; "Family, Given" is understood too. */
  patientName: z.string().trim().min(1).max(200),
  birthDate: z.string().max(60),
  outsideFacility: z.string().trim().max(200).default(''),
  details: z.string().trim().min(1).max(2000),
});
export type NewRequest = z.input<typeof newRequest>;

export type RequestState =
  'sent' | 'opened' | 'uploading' | 'uploaded' | 'imported' | 'declined' | 'cancelled';

export interface CreatedRequest {
  requestId: string;
  /** Six digits. */
  pin: string;
  url: string;
}

export interface RequestListing {
  requestId: string;
  outsideFacility: string;
  patientName: string;
  patientBirthDate: string;
  details: string;
  state: RequestState;
  createdAt: string;
  /** While the request stands declined. */
  declined: Decline | null;
}

/** What an outside clinic may know of the request it answers: never whose images are wanted in full. */
export interface MaskedRequest {
  requestId: string;
  facilityName: string;
  facilitySlug: string;
  contactPhone: string | null;
  contactEmail: string | null;
  maskedPatient: string;
  details: string;
  state: RequestState;
  /** While the request stands declined: by whom as they said, without their reasons. */
  declined: DeclinedBy | null;
}
