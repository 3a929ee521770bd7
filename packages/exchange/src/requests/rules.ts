import type { RequestState } from './schema.ts';

/**
 * From where each state may be reached. Declining does not close a request; importing and cancelling do (X21). One that
 * was declined stands so again when what was then sent is taken back.
 */
const COMES_FROM: Record<RequestState, readonly RequestState[]> = {
  sent: [],
  opened: ['sent', 'uploading'],
  uploading: ['sent', 'opened', 'uploaded', 'declined'],
  uploaded: ['uploading'],
  imported: ['uploaded'],
  declined: ['sent', 'opened', 'uploading'],
  cancelled: ['sent', 'opened', 'uploading', 'uploaded', 'declined'],
};

export function mayBecome(from: RequestState, to: RequestState): boolean {
  return COMES_FROM[to].includes(from);
}

/** `Anthony, Ryan` as people write it becomes `Anthony^Ryan`, the DICOM PN form; PN text stays as it is. */
export function personName(typed: string): string {
  if (typed.includes('^')) return typed.trim();
  const [family = '', given = ''] = typed.split(',').map((part) => part.trim());
  return given ? `${family}^${given}` : family;
}
