/** The bar below the stage: what hands do, windows, the film. */

import { button, element } from './element.ts';
import type { Tool } from './gestures.ts';
import type { LightBox } from './light-box.ts';
import { WHOLE, zoomed } from './view.ts';
import { presetsFor } from './windows.ts';

const TOOLS: readonly [tool: Tool, words: string, key: string][] = [
  ['scroll', 'Scroll', 'S'],
  ['window', 'Window', 'W'],
  ['zoom', 'Zoom', 'Z'],
  ['move', 'Move', 'M'],
];
const FASTEST = 60;

export interface Tools {
  readonly root: HTMLElement;
  /** Says anew what is chosen. */
  refresh(): void;
}

export function tools(box: LightBox): Tools {
  const hands = TOOLS.map(([tool, words, key]) => {
    const choose = () => {
      box.tool = tool;
      box.onChange();
    };
    return { tool, made: button(words, choose, { title: `Drag does this (${key})` }) };
  });
  const windows = windowChoice(box);
  const film = filmOf(box);
  const sizes = [
    button('+', () => box.look(zoomed(box.view, 1.25)), { title: 'Larger (+)', ariaLabel: 'Larger' }),
    button('−', () => box.look(zoomed(box.view, 0.8)), { title: 'Smaller (−)', ariaLabel: 'Smaller' }),
    button('Fit', () => box.look(WHOLE), { title: 'The whole image (0)' }),
    button('Reset', () => box.reset(), { title: 'Size, place and window as at first (R)' }),
  ];
  const drag = element('span', { className: 'together' }, ...hands.map(({ made }) => made));
  drag.setAttribute('role', 'group');
  drag.setAttribute('aria-label', 'What dragging does');
  const root = element(
    'div',
    { className: 'tools' },
    film.slider,
    drag,
    windows.root,
    ...sizes,
    ...film.play,
  );
  const refresh = () => {
    for (const { tool, made } of hands) made.setAttribute('aria-pressed', String(box.tool === tool));
    windows.refresh();
    film.refresh();
    root.toggleAttribute('inert', !box.isOpen);
  };
  return { root, refresh };
}

function windowChoice(box: LightBox): Tools {
  const choice = element('select', { title: 'Window' });
  choice.setAttribute('aria-label', 'Window');
  let modality: string | null = null;
  choice.addEventListener('change', () => {
    const preset = presetsFor(modality ?? '')[choice.selectedIndex];
    if (preset) box.shadeWith(preset.window);
  });
  const refresh = () => {
    const now = box.chosen?.series.modality ?? '';
    if (now === modality) return;
    modality = now;
    choice.replaceChildren(...presetsFor(now).map(({ name }) => element('option', {}, name)));
  };
  return { root: choice, refresh };
}

function filmOf(box: LightBox): { slider: HTMLElement; play: HTMLElement[]; refresh(): void } {
  const slider = element('input', { type: 'range', min: '1', step: '1', className: 'places' });
  slider.setAttribute('aria-label', 'Image');
  slider.addEventListener('input', () => box.goTo(slider.valueAsNumber - 1));
  const play = button('Play', () => (box.playing ? box.stop() : void box.play()), {
    title: 'Play or stop (space)',
  });
  const speed = element('input', {
    type: 'range',
    min: '1',
    max: String(FASTEST),
    step: '1',
    className: 'speed',
  });
  speed.setAttribute('aria-label', 'Images per second');
  const told = element('output', {});
  speed.addEventListener('input', () => {
    box.pace = speed.valueAsNumber;
    box.onChange();
  });
  const refresh = () => {
    slider.max = String(Math.max(1, box.places));
    slider.value = String(box.position + 1);
    slider.disabled = play.disabled = speed.disabled = box.places < 2;
    play.textContent = box.playing ? 'Stop' : 'Play';
    speed.value = String(box.pace);
    told.textContent = `${Math.round(box.pace)} / s`;
  };
  return { slider, play: [play, speed, told], refresh };
}
