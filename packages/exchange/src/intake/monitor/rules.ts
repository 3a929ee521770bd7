import type { UploadState } from '../schema.ts';
import type { MonitorState } from './schema.ts';

/** Minutes without a byte after which a transfer stands out (features A.13, STUCK_AFTER). */
export const STUCK_AFTER_MINUTES = 30;

/** The states of uploads behind each word of the monitor; a stuck one is open and silent besides. */
export const STATES_OF: Record<MonitorState, readonly UploadState[]> = {
  running: ['open', 'sent'],
  stuck: ['open'],
  arrived: ['arrived'],
  finished: ['confirmed'],
  ended: ['withdrawn', 'abandoned'],
};
