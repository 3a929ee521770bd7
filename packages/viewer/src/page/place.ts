import { tell } from './telling.ts';

/** Of a WADO-RS address (PS3.18 10.4), which is how the viewer names its images. */
const ADDRESS = /\/series\/([0-9.]+)\/instances\/([0-9.]+)/;
/** Somebody who scrolls passes hundreds; where they stop is worth telling. */
const PAUSE_MS = 150;

/** Tells the page around us which image somebody has come to, so that the exam can be opened there again. */
export function watchPlace(): void {
  let telling: ReturnType<typeof setTimeout> | undefined;
  document.addEventListener(
    'CORNERSTONE_STACK_NEW_IMAGE',
    (event) => {
      const detail: { imageId?: string } = event instanceof CustomEvent ? (event.detail ?? {}) : {};
      const [, seriesInstanceUid, sopInstanceUid] = ADDRESS.exec(detail.imageId ?? '') ?? [];
      if (!seriesInstanceUid || !sopInstanceUid) return;
      clearTimeout(telling);
      telling = setTimeout(
        () => tell({ type: 'filmpost:viewer-place', seriesInstanceUid, sopInstanceUid }),
        PAUSE_MS,
      );
    },
    { capture: true },
  );
}
