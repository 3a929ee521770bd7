/** Everything can be done from the keyboard; the help of the page is made from this very table. */

import type { LightBox } from './light-box.ts';
import { WHOLE, moved, zoomed } from './view.ts';
import { presetsFor } from './windows.ts';

export interface KeyDeed {
  readonly keys: readonly string[];
  readonly words: string;
  act(box: LightBox, key: string): void;
}

const STEP = 40;

export function keyDeeds(nextSeries: (step: 1 | -1) => void): readonly KeyDeed[] {
  return [
    { keys: ['ArrowDown', 'ArrowRight'], words: 'Next image', act: (box) => box.turn(1) },
    { keys: ['ArrowUp', 'ArrowLeft'], words: 'Previous image', act: (box) => box.turn(-1) },
    { keys: ['PageDown'], words: 'Ten images on', act: (box) => box.turn(10) },
    { keys: ['PageUp'], words: 'Ten images back', act: (box) => box.turn(-10) },
    { keys: ['Home'], words: 'First image', act: (box) => box.turn(-Infinity) },
    { keys: ['End'], words: 'Last image', act: (box) => box.turn(Infinity) },
    {
      keys: ['n', 'p'],
      words: 'Next and previous series',
      act: (_box, key) => nextSeries(key === 'n' ? 1 : -1),
    },
    { keys: [' '], words: 'Play or stop', act: (box) => (box.playing ? box.stop() : void box.play()) },
    { keys: ['+', '='], words: 'Larger', act: (box) => box.look(zoomed(box.view, 1.25)) },
    { keys: ['-'], words: 'Smaller', act: (box) => box.look(zoomed(box.view, 0.8)) },
    { keys: ['0'], words: 'The whole image', act: (box) => box.look(WHOLE) },
    { keys: ['h', 'j', 'k', 'l'], words: 'Move left, down, up, right', act: (box, key) => move(box, key) },
    {
      keys: ['s', 'w', 'z', 'm'],
      words: 'Drag to scroll, window, zoom, move',
      act: (box, key) => choose(box, key),
    },
    {
      keys: ['1', '2', '3', '4', '5', '6', '7'],
      words: 'Windows, as listed',
      act: (box, key) => shade(box, key),
    },
    { keys: ['r'], words: 'Reset', act: (box) => box.reset() },
  ];
}

/** Keys that belong to a control of the page stay with it. */
export function watchKeys(box: LightBox, deeds: readonly KeyDeed[]): void {
  document.addEventListener('keydown', (event) => {
    const { target, key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || !box.isOpen) return;
    if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) return;
    if (key === ' ' && target instanceof HTMLButtonElement) return;
    const pressed = key.length === 1 ? key.toLowerCase() : key;
    const deed = deeds.find(({ keys }) => keys.includes(pressed));
    if (!deed) return;
    event.preventDefault();
    deed.act(box, pressed);
  });
}

function move(box: LightBox, key: string): void {
  const [x = 0, y = 0] = { h: [-STEP, 0], j: [0, STEP], k: [0, -STEP], l: [STEP, 0] }[key] ?? [];
  box.look(moved(box.view, x, y));
}

function choose(box: LightBox, key: string): void {
  const tools = { s: 'scroll', w: 'window', z: 'zoom', m: 'move' } as const;
  if (key === 's' || key === 'w' || key === 'z' || key === 'm') box.tool = tools[key];
  box.onChange();
}

function shade(box: LightBox, key: string): void {
  const preset = presetsFor(box.chosen?.series.modality ?? '')[Number(key) - 1];
  if (preset) box.shadeWith(preset.window);
}
