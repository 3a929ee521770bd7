/** Every act has a word. Written with the act, in the same transaction, and never changed. */
export type AuditAction =
  | 'access.refused'
  | 'facility.created'
  | 'facility.limited'
  | 'staff.added'
  | 'device.created'
  | 'device.revoked'
  | 'request.created'
  | 'request.opened'
  | 'request.cancelled'
  | 'request.declined'
  | 'pin.refused'
  | 'upload.opened'
  | 'upload.sent'
  | 'upload.confirmed'
  | 'upload.withdrawn'
  | 'uploads.reported'
  | 'blob.terminated'
  | 'share.created'
  | 'share.opened'
  | 'share.revoked'
  | 'share.left'
  | 'share-key.created'
  | 'share-key.used'
  | 'share-key.revoked'
  | 'code.refused'
  | 'code.locked'
  | 'study.viewed'
  | 'study.searched'
  | 'study.downloaded'
  | 'study.received'
  | 'blob.missing'
  | 'sender.stated';

export interface AuditDraft {
  facilityId: string | null;
  action: AuditAction;
  outcome?: 'success' | 'refused';
  subject: { kind: string; id: string };
  /** Ids, counts and reasons; never a name or a birth date. */
  detail?: Record<string, unknown>;
}
