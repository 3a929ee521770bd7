import { formatCount } from '#lib/ui/format.ts';
import type { Trouble } from './delivery.svelte.ts';

/** How a delivery stands when it does not run. */
export interface DeliveryStand {
  images: readonly unknown[];
  stored: number;
  left: number;
  trouble: Trouble | null;
}

export interface DeliveryWords {
  tone: 'good' | 'warn' | 'error';
  title: string;
  meaning: string;
}

/** What a delivery came to. */
export function deliveryWords({ images, stored, left, trouble }: DeliveryStand): DeliveryWords {
  const sofar =
    stored > 0
      ? `${formatCount(stored, 'image')} had been stored in your PACS before.`
      : 'No image was stored.';
  switch (trouble) {
    case 'not-let-in':
      return { tone: 'error', title: 'Your PACS did not answer this browser', meaning: sofar };
    case 'share-unreadable':
      return {
        tone: 'error',
        title: 'The images could not be read from here',
        meaning: `${sofar} Check your connection, and that this share has not ended, then send again.`,
      };
    case 'cancelled':
      return { tone: 'warn', title: 'You cancelled the delivery', meaning: sofar };
    case null:
      break;
  }
  if (images.length === 0) return { tone: 'warn', title: 'There was no image to send', meaning: sofar };
  if (left === 0) {
    return {
      tone: 'good',
      title: `All ${formatCount(images.length, 'image')} are in your PACS`,
      meaning: 'Your PACS confirmed each of them.',
    };
  }
  return {
    tone: 'error',
    title: `${formatCount(left, 'image')} of ${images.length.toLocaleString('en-US')} could not be stored`,
    meaning:
      stored > 0 ? `The other ${formatCount(stored, 'image')} are in your PACS.` : 'No image was stored.',
  };
}
