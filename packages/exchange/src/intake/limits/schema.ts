/** What the intake takes at most. Sizes in bytes; see the variables of the same meaning in .env.example. */
export interface Limits {
  /** One upload of a request or a desk: all its files together. */
  uploadBytes: number;
  uploadFiles: number;
  /** The disk counts as full at this share of it, unless `diskFreeBytes` are left even then. */
  diskPercent: number;
  diskFreeBytes: number;
  /** Kept free whatever happens: the database writes to the same disk. */
  diskReserveBytes: number;
}

/** For worlds that live as long as a test. */
export const NO_LIMITS: Limits = {
  uploadBytes: Infinity,
  uploadFiles: Infinity,
  diskPercent: 100,
  diskFreeBytes: 0,
  diskReserveBytes: 0,
};

/** A disk as it stands, in bytes. */
export interface Disk {
  totalBytes: number;
  freeBytes: number;
}

/** What an upload and its facility have taken on; announced sizes count before their bytes are there. */
export interface Taken {
  kind: 'request' | 'staff' | 'device';
  takenBytes: number;
  takenBlobs: number;
  instancesArrived: number;
  /** Those of the whole facility, and what it may have; null for as much as there is room. */
  facilityBytes: number;
  quotaBytes: number | null;
}

/** How far a running upload has come with what it announced, in bytes. */
export interface Running {
  bytesReceived: number;
  bytesToSend: number;
}

/** One upload wants more than one upload may have. Answered with 413; another try changes nothing. */
export class TooMuch extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TooMuch';
  }
}

/** There is no room at the moment, for one facility or for all. Answered with 507; it passes. */
export class NoRoom extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NoRoom';
  }
}
