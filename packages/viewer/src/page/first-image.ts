import { tell } from './telling.ts';

/**
 * Fired on a viewport's element when an image has arrived there, and when its canvas has been painted, in that order;
 * but also painted while still empty. They do not bubble, but capturing sees them. An ECG or a video says only that it
 * was painted, and then without a status.
 */
const ARRIVED = ['CORNERSTONE_STACK_NEW_IMAGE', 'CORNERSTONE_VOLUME_NEW_IMAGE'];
const PAINTED = 'CORNERSTONE_IMAGE_RENDERED';

/** Tells the page around us once the first image is painted. */
export function watchForFirstImage(): void {
  const filled = new WeakSet<EventTarget>();
  const remember = ({ target }: Event) => {
    if (target) filled.add(target);
  };
  const tellFirst = (event: Event) => {
    const detail: unknown = event instanceof CustomEvent ? event.detail : undefined;
    const hasStatus = typeof detail === 'object' && detail !== null && 'viewportStatus' in detail;
    if (hasStatus && detail.viewportStatus && !(event.target && filled.has(event.target))) return;
    for (const type of ARRIVED) document.removeEventListener(type, remember, { capture: true });
    document.removeEventListener(PAINTED, tellFirst, { capture: true });
    closeSeriesListOnPhone();
    tell({ type: 'filmpost:viewer-image' });
  };
  for (const type of ARRIVED) document.addEventListener(type, remember, { capture: true });
  document.addEventListener(PAINTED, tellFirst, { capture: true });
}

/**
 * The list of series leaves a phone a third of its width for the image. It cannot start closed: with both side panels
 * closed the viewer's layout breaks.
 */
function closeSeriesListOnPhone(): void {
  if (window.innerWidth >= 768) return;
  document.querySelector<HTMLElement>('[data-cy="side-panel-header-left"]')?.click();
}
