import type { Disk, Limits, Running, Taken } from './schema.ts';

/** Of the system (no space, quota used up) and of PostgreSQL (disk_full). */
const OUT_OF_SPACE = ['ENOSPC', 'EDQUOT', '53100'];

/** Uploads that may be begun with one PIN within an hour (threats T11). */
export const NEW_UPLOADS_PER_HOUR = 20;

export const DISK_FULL =
  'Filmpost’s storage is full for the moment. What has arrived is safe; the rest can follow as soon as there is room.';
export const FACILITY_FULL =
  'The storage of the facility you are sending to is used up. What has arrived is safe; the rest can follow as soon as the facility has made room.';

/**
 * Bytes below which the disk counts as full. A share of a large disk would leave a terabyte unused, a fixed number would
 * close a small one, so the smaller of the two decides.
 */
export function highWaterFreeBytes({ totalBytes }: Disk, limits: Limits): number {
  return Math.min(totalBytes * (1 - limits.diskPercent / 100), limits.diskFreeBytes);
}

/** Never more than half of what is kept free for running uploads: they must be able to use some of it. */
export function reserveBytes(disk: Disk, limits: Limits): number {
  return Math.min(limits.diskReserveBytes, highWaterFreeBytes(disk, limits) / 2);
}

/** Whether uploads may begin. */
export function isOpen(disk: Disk, limits: Limits): boolean {
  return disk.freeBytes >= highWaterFreeBytes(disk, limits);
}

/** Whether `bytes` more can be written at all. */
export function holds(disk: Disk, limits: Limits, bytes: number): boolean {
  return disk.freeBytes - bytes >= reserveBytes(disk, limits);
}

/** Whether an upload has begun to keep what it announced, and so may go on while others must wait. */
export function isUnderWay({ bytesReceived, bytesToSend }: Running): boolean {
  return bytesReceived > 0 && bytesReceived < bytesToSend;
}

/**
 * The sentence about an upload that has more than one may have; null when it is within its limits. A device's rolling
 * upload is no unit: its facility's quota and the disk bound it.
 */
export function beyondOneUpload(
  { kind, takenBytes, takenBlobs, instancesArrived }: Omit<Taken, 'facilityBytes' | 'quotaBytes'>,
  limits: Limits,
): string | null {
  if (kind === 'device') return null;
  if (takenBytes > limits.uploadBytes) {
    return `One upload may have at most ${spoken(limits.uploadBytes)}. Leave some exams out and send them in another upload.`;
  }
  // A blob is one file or many; what it holds is known once it was read.
  if (Math.max(takenBlobs, instancesArrived) > limits.uploadFiles) {
    return `One upload may have at most ${limits.uploadFiles.toLocaleString('en-US')} files. Leave some exams out and send them in another upload.`;
  }
  return null;
}

export function isBeyondQuota({ facilityBytes, quotaBytes }: Pick<Taken, 'facilityBytes' | 'quotaBytes'>) {
  return quotaBytes !== null && facilityBytes > quotaBytes;
}

/** Whether the system or the database says that the disk is full, whatever the marks say. */
export function isOutOfSpace(error: unknown): boolean {
  return error instanceof Error && 'code' in error && OUT_OF_SPACE.includes(String(error.code));
}

/** Bytes as people say them: `200 GB`. */
function spoken(bytes: number): string {
  const [size, unit] = bytes >= 1e9 ? [bytes / 1e9, 'GB'] : [bytes / 1e6, 'MB'];
  return `${size.toLocaleString('en-US', { maximumFractionDigits: 1 })} ${unit}`;
}
