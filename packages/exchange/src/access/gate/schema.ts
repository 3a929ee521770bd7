/** Whoever knocks. One browser may carry several credentials at once, so each kind stands on its own. */
export interface Visitor {
  /** Network address as far as it can be trusted; throttling counts by it. */
  address: string;
  staff: StaffIdentity | null;
  recipient: RecipientIdentity | null;
  uploader: UploaderIdentity | null;
  device: DeviceIdentity | null;
  shareKey: ShareKeyIdentity | null;
  /** The exchange itself: its worker and its command line. */
  operator: boolean;
}

export type StaffRole = 'clerk' | 'administrator';

export interface StaffIdentity {
  userId: string;
  name: string;
  memberships: { facilityId: string; slug: string; facilityName: string; role: StaffRole }[];
}

export interface RecipientIdentity {
  sessionHash: Buffer;
  shareId: string;
}

export interface UploaderIdentity {
  sessionHash: Buffer;
  requestId: string;
  /** How the request ended, after which this session opens nothing; null while it is open. */
  closed: 'cancelled' | 'imported' | null;
}

export interface DeviceIdentity {
  deviceId: string;
  facilityId: string;
}

/** A PACS that pulls the exams of one share with a key made for that. */
export interface ShareKeyIdentity {
  keyId: string;
  shareId: string;
}

/** What a capability is asked for: each verb has one kind of subject. */
export interface Subjects {
  'facility:work': { facility: string };
  'facility:administer': { facility: string };
  'request:fulfil': Record<string, never>;
  'request:watch': { requestId: string };
  'upload:write': { uploadId: string };
  'upload:watch': { uploadId: string };
  /** With its patients; watching tells counts and reasons only. */
  'upload:read': { uploadId: string };
  'share:view': { shareId: string };
  'share:download': { shareId: string };
  /** Reading its images, and nothing else, with a key. */
  'share:pull': { shareId: string };
  'share:manage': { shareId: string };
  'archive:read': { facility: string | null };
  'archive:store': Record<string, never>;
  'exchange:operate': Record<string, never>;
}

export type Capability = keyof Subjects;

/** What the gate found out while admitting; queries and commands rely on it instead of on the visitor's words. */
export interface Admissions {
  'facility:work': { facilityId: string };
  'facility:administer': { facilityId: string };
  'request:fulfil': { facilityId: string; requestId: string };
  'request:watch': { facilityId: string; requestId: string };
  'upload:write': { facilityId: string; uploadId: string };
  'upload:watch': { facilityId: string; uploadId: string };
  'upload:read': { facilityId: string; uploadId: string };
  'share:view': { facilityId: string; shareId: string };
  'share:download': { facilityId: string; shareId: string };
  /** What is pulled is taken away, and so waits for the sender's Confirm (decision 4). */
  'share:pull': { facilityId: string; shareId: string; keyId: string; confirmedOnly: true };
  'share:manage': { facilityId: string; shareId: string };
  'archive:read': { facilityId: string };
  'archive:store': { facilityId: string; deviceId: string };
  'exchange:operate': { facilityId: null };
}

/** Who acted, as the audit log writes it. */
export interface Actor {
  kind: 'staff' | 'recipient' | 'uploader' | 'device' | 'share-key' | 'operator' | 'anonymous';
  id: string;
  address: string;
}

declare const minted: unique symbol;

/** Proof that the gate said yes. Only `admit` makes one, so a query that asks for it cannot be reached without. */
export type Granted<C extends Capability> = Admissions[C] & {
  readonly [minted]: C;
  readonly actor: Actor;
  readonly sessionHash: Buffer | null;
};

/** The gate's no. Unknown, foreign, expired and revoked are told apart by nobody outside: all are this. */
export class Refused extends Error {
  constructor() {
    super('There is nothing here for you.');
    this.name = 'Refused';
  }
}
