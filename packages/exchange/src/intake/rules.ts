import type { UploadState } from './schema.ts';

/** What may be done to an upload in which state. */
export const UPLOAD_CAN: Record<
  'receive' | 'announce' | 'finish' | 'confirm' | 'withdraw',
  readonly UploadState[]
> = {
  receive: ['open'],
  announce: ['open'],
  finish: ['open'],
  confirm: ['arrived'],
  withdraw: ['open', 'sent', 'arrived'],
};

export function uploadCan(verb: keyof typeof UPLOAD_CAN, state: UploadState): boolean {
  return UPLOAD_CAN[verb].includes(state);
}

/** Days after which an upload nobody finished is given up (features A.13, issue of limits). */
export const ABANDONED_AFTER_DAYS = 7;

/** Hours after which bytes that a device has not sent to their end will not come any more. */
export const BROKEN_OFF_AFTER_HOURS = 24;

/** Minutes of silence after which a device's rolling upload is closed and a new push opens another. */
export const DEVICE_UPLOAD_IDLE_MINUTES = 30;
