import type { Actor, Capability, Visitor } from './schema.ts';

/** Session lifetimes in minutes (features A.13): idle, and from the first second whatever happens. */
export const SESSION_MINUTES = {
  recipient: { idle: 30, absolute: 12 * 60 },
  // A disc travels for hours on a slow line while the page itself asks for nothing.
  uploader: { idle: 12 * 60, absolute: 7 * 24 * 60 },
} as const;

/** The credential a capability rests on, in the order they are tried. */
export const RESTS_ON: Record<Capability, readonly Actor['kind'][]> = {
  'facility:work': ['staff', 'operator'],
  'facility:administer': ['staff', 'operator'],
  'request:fulfil': ['uploader'],
  'request:watch': ['staff', 'operator'],
  'upload:write': ['uploader', 'device', 'staff'],
  'upload:watch': ['uploader', 'staff', 'operator'],
  'upload:read': ['staff', 'operator'],
  'share:view': ['recipient'],
  'share:download': ['recipient'],
  'share:pull': ['share-key'],
  'share:manage': ['staff', 'operator'],
  'archive:read': ['device', 'staff'],
  'archive:store': ['device'],
  'exchange:operate': ['operator'],
};

export function actorOf(visitor: Visitor, kind: Actor['kind']): Actor {
  const id = {
    staff: visitor.staff?.userId,
    recipient: visitor.recipient?.sessionHash.toString('hex').slice(0, 16),
    uploader: visitor.uploader?.sessionHash.toString('hex').slice(0, 16),
    device: visitor.device?.deviceId,
    'share-key': visitor.shareKey?.keyId,
    operator: 'exchange',
    anonymous: 'anonymous',
  }[kind];
  return { kind, id: id ?? 'anonymous', address: visitor.address };
}

/** The most telling name for a visitor who was refused. */
export function actorOfStranger(visitor: Visitor): Actor {
  const kind =
    (visitor.staff && 'staff') ||
    (visitor.device && 'device') ||
    (visitor.shareKey && 'share-key') ||
    (visitor.recipient && 'recipient') ||
    (visitor.uploader && 'uploader') ||
    'anonymous';
  return actorOf(visitor, kind);
}

/** What a stranger named, short and storable: these words come from outside and go into the log. */
export function wordsOfStranger(subject: object): Record<string, string> {
  const clean = (text: string) => text.replaceAll('\0', '').toWellFormed().slice(0, 80);
  return Object.fromEntries(Object.entries(subject).map(([name, value]) => [name, clean(String(value))]));
}

export const ANONYMOUS: Omit<Visitor, 'address'> = {
  staff: null,
  recipient: null,
  uploader: null,
  device: null,
  shareKey: null,
  operator: false,
};
