/** Why a container, or one file of it, is not opened, in words a clerk can act on. */

export type ContainerRefusal =
  | 'zip-cut-off'
  | 'zip-broken'
  | 'zip-spanned'
  | 'zip-overlap'
  | 'archive-too-many'
  | 'archive-too-large'
  | 'archive-too-deep'
  | 'archive-unknown'
  | 'image-broken'
  | 'image-raw';

export type EntryRefusal =
  | 'archive-encrypted'
  | 'archive-method'
  | 'archive-bomb'
  | 'archive-damaged'
  | 'archive-link'
  | 'archive-name'
  | 'image-cut-off'
  | 'image-unreadable';

export const CONTAINER_REFUSALS: Record<ContainerRefusal, string> = {
  'zip-cut-off': 'The archive ends too early; it was not copied or downloaded completely.',
  'zip-broken': 'The table of contents of the archive is damaged.',
  'zip-spanned':
    'This is one part of an archive in several parts. Join the parts with the program that made them, then choose the result.',
  'zip-overlap':
    'The archive is built so that its files overlap, as no ordinary program does. It is not opened.',
  'archive-too-many': 'The archive lists more than 200,000 files. Unpack it, then choose the folder.',
  'archive-too-large':
    'The archive claims to hold more than any set of discs. Unpack it, then choose the folder.',
  'archive-too-deep':
    'This archive lies within an archive within an archive. Unpack the outermost one, then choose the folder.',
  'archive-unknown':
    'Archives of this kind cannot be opened here, only .zip and .iso. Unpack it, then choose the folder.',
  'image-broken':
    'The table of contents of this disc image is damaged, or the image was not copied completely.',
  'image-raw':
    'This is a raw copy of a disc (.bin), which cannot be opened here. Save it as .iso, or choose the disc itself.',
};

export const ENTRY_REFUSALS: Record<EntryRefusal, string> = {
  'archive-encrypted':
    'It is locked with a password. Unpack the archive with its password, then choose the folder.',
  'archive-method':
    'It is packed in a way that cannot be unpacked here. Unpack the archive, then choose the folder.',
  'archive-bomb':
    'It claims to grow more than a hundredfold when unpacked, and is not opened. If it is an image, unpack the archive and choose the folder.',
  'archive-damaged': 'It is damaged within its archive: what comes out is not what was put in.',
  'archive-link': 'It is a link to another place and holds nothing itself.',
  'archive-name':
    'Its name points to a place outside of the archive or disc image, as no ordinary program has it. If it is an image, unpack everything, then choose the folder.',
  'image-cut-off': 'The disc image ends before this file does; it was not copied completely.',
  'image-unreadable': 'The disc image keeps this file in a form that cannot be read here.',
};

/** A container that is not opened at all. */
export class UnreadableContainer extends Error {
  readonly reason: ContainerRefusal;

  constructor(reason: ContainerRefusal) {
    super(CONTAINER_REFUSALS[reason]);
    this.name = 'UnreadableContainer';
    this.reason = reason;
  }
}
