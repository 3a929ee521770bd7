import { statusOf, tellDamaged } from './telling.ts';

/** What the viewer's core announces of an image that it could not load. */
interface Announced {
  imageId?: string;
  error?: unknown;
}

/** The part of the viewer's core that we listen to; it announces there what concerns no single viewport. */
interface ViewerWindow {
  cornerstone?: { eventTarget: EventTarget };
}

/**
 * Counts images whose bytes came and could not be decoded. One that was refused is no damage, and the viewer goes on to
 * say of it that it cannot be decoded.
 */
export function watchForDamage(): void {
  const refused = new Set<string>();
  const target = (window as ViewerWindow).cornerstone?.eventTarget;
  for (const type of ['CORNERSTONE_IMAGE_LOAD_FAILED', 'IMAGE_LOAD_ERROR']) {
    target?.addEventListener(type, (event) => {
      const { imageId, error } = announcedBy(event);
      if (!imageId) return;
      if (statusOf(error) !== 0) refused.add(imageId);
      else if (!refused.has(imageId)) tellDamaged(imageId);
    });
  }
}

function announcedBy(event: Event): Announced {
  return event instanceof CustomEvent ? (event.detail ?? {}) : {};
}
