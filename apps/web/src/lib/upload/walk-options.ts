import type { UploadProgress } from '@filmpost/exchange/intake/schema.ts';

/** What differs between the places from which a disc is sent. */
export interface WalkOptions {
  /**
   * Opens an upload, or finds the one under way.
   *
   * @param beginning gives the digests of the disc's first files, should that tell which upload it is
   */
  open(beginning: () => Promise<readonly string[]>): Promise<UploadProgress>;
  /** An upload known to be under way: from another browser, or from before a reload. */
  current?: UploadProgress | null | undefined;
  /** The person asked for, masked; exams of others are then left unticked. */
  patient?: string | undefined;
  /** Asked when the upload has ended under somebody's hands; null when nothing is known of it. */
  whyEnded?: (() => Promise<'withdrawn' | null>) | undefined;
}
