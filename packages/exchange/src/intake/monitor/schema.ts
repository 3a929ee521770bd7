import { z } from 'zod';
import type { UploadProgress } from '../schema.ts';

export const MONITOR_STATES = ['running', 'stuck', 'arrived', 'finished', 'ended'] as const;
export type MonitorState = (typeof MONITOR_STATES)[number];

/** Which uploads the monitor shows. Days are the facility's reader's, `YYYY-MM-DD`, both ends included. */
export const monitorFilter = z.object({
  patient: z.string().max(200).default(''),
  modality: z.string().max(16).default(''),
  from: z.iso.datetime({ offset: true }).nullable().default(null),
  /** The moment after the last one shown. */
  until: z.iso.datetime({ offset: true }).nullable().default(null),
  state: z.enum(MONITOR_STATES).nullable().default(null),
});
export type MonitorFilter = z.infer<typeof monitorFilter>;

/** A stretch of the list, newest upload first. */
export const monitorStretch = z.object({
  offset: z.number().int().min(0).max(10_000_000).default(0),
  limit: z.number().int().min(1).max(200).default(100),
});
export type MonitorStretch = z.infer<typeof monitorStretch>;

/** An upload with what an administrator asks of it beyond its progress: whose, from where, of what kind. */
export interface MonitoredUpload extends UploadProgress {
  /** The person or device that sends; empty for an outside clinic, which enters with a PIN and no name. */
  openedBy: string;
  /** The facility asked, for an upload under a request. */
  outsideFacility: string;
  /** Network address from which it was opened. */
  address: string;
  /** DICOM person names, each once. */
  patients: string[];
  modalities: string[];
  exams: number;
}

/** Sums over everything that the filter lets through. */
export interface MonitorTotals {
  uploads: number;
  running: number;
  stuck: number;
  exams: number;
  images: number;
  bytes: number;
}
