/** Why there is no picture. */
export type RefusalReason =
  | 'no-pixels'
  | 'no-such-frame'
  | 'no-such-region'
  | 'unknown-codec'
  | 'unsupported'
  | 'damaged'
  | 'too-large'
  | 'too-slow'
  | 'died'
  | 'busy';

/** One sentence each, fit for whoever asked; nothing of the image itself. */
const SENTENCES: Record<RefusalReason, string> = {
  'no-pixels': 'This object holds no picture.',
  'no-such-frame': 'There is no such frame.',
  'no-such-region': 'The region asked for lies outside the picture.',
  'unknown-codec': 'This picture is compressed in a way that cannot be decoded here.',
  unsupported: 'The pixels of this picture are laid out in a way that cannot be shown here.',
  damaged: 'The stored picture is damaged or cut off, so none is made of it.',
  'too-large': 'This picture is too large to be made here.',
  'too-slow': 'Making this picture took too long and was given up.',
  died: 'Making this picture failed and was given up.',
  busy: 'Too many pictures are being made at the moment; please ask again in a few seconds.',
};

export const REASONS = Object.keys(SENTENCES) as RefusalReason[];

/** No picture, and why; `message` is a sentence that may be shown. */
export class NoPicture extends Error {
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason) {
    super(SENTENCES[reason]);
    this.name = 'NoPicture';
    this.reason = reason;
  }
}
