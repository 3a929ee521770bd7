import type { FrameLayout } from '@filmpost/dicom/frames.ts';

/** What the catalogue keeps of where an instance's frames lie. */
interface WithFrames {
  frameLayout: unknown;
}

export function layoutOf(instance: WithFrames): FrameLayout {
  // The column holds what frameLayout gave at ingest.
  return (instance.frameLayout as FrameLayout | null) ?? { kind: 'none', reason: 'no-pixel-data' };
}

/** Whether an instance has frames that can be told apart, and so be drawn. */
export function isDrawable(instance: WithFrames): boolean {
  const layout = layoutOf(instance);
  return (layout.kind === 'native' || layout.kind === 'fragments') && layout.frames > 0;
}

/** The frame that stands for an instance: the middle one, where a loop or a stack shows most. */
export function representativeFrame(instance: WithFrames): number {
  const layout = layoutOf(instance);
  return layout.kind === 'none' ? 1 : Math.floor((layout.frames - 1) / 2) + 1;
}
