/** Windows that people ask for, in the units of the rescaled image: Hounsfield for CT. */

import type { Window } from '@filmpost/imaging/description.ts';

export interface Preset {
  readonly name: string;
  /** Null for the image's own. */
  readonly window: Window | null;
}

const ct = (name: string, center: number, width: number): Preset => ({
  name,
  window: { center, width, shape: 'linear' },
});

const OWN: Preset = { name: 'As stored', window: null };
const CT = [
  ct('Soft tissue', 40, 400),
  ct('Lung', -600, 1500),
  ct('Bone', 400, 1800),
  ct('Brain', 40, 80),
  ct('Liver', 60, 160),
  ct('Vessels', 300, 600),
];

/** What is offered for a modality, the image's own window first. */
export function presetsFor(modality: string): readonly Preset[] {
  return modality === 'CT' ? [OWN, ...CT] : [OWN];
}

/** A drag of so many pixels across (width) and down (center); one that crosses the stage goes through the whole width. */
export function dragged(
  window: Window,
  { across, down, stage }: { across: number; down: number; stage: number },
): Window {
  const step = Math.max(window.width, 1) / Math.max(200, stage / 2);
  const least = window.shape === 'linear' ? 1 : 0.001;
  return {
    ...window,
    width: Math.max(least, window.width + across * step),
    center: window.center + down * step,
  };
}

/** `C 40 W 400` */
export function windowWords({ center, width }: Window): string {
  const digits = width < 10 ? 2 : 0;
  return `C ${center.toFixed(digits)} W ${width.toFixed(digits)}`;
}
