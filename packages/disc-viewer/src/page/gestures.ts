import { type View, moved, zoomed } from './view.ts';

export type Tool = 'scroll' | 'window' | 'zoom' | 'move';

/** What hands do on the stage, in words of the light box. */
export interface Gestures {
  readonly tool: Tool;
  readonly view: View;
  turn(places: number): void;
  shade(across: number, down: number): void;
  look(view: View): void;
  reset(): void;
}

interface Finger {
  x: number;
  y: number;
}

/** How far a drag goes for one place, in pixels; shorter for long series, so that the stage reaches all of them. */
const PLACE_PIXELS = 12;
const WHEEL_PIXELS = 60;
const RIGHT = 2;
const MIDDLE = 4;

/** Left button and finger do what the tool says; right zooms, middle moves; two fingers zoom and move; the wheel turns. */
export function watchHands(surface: HTMLElement, gestures: Gestures): void {
  const fingers = new Map<number, Finger>();
  const rest = { turn: 0, wheel: 0 };
  surface.addEventListener('pointerdown', (event) => {
    surface.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    surface.focus({ preventScroll: true });
    rest.turn = 0;
  });
  const lift = (event: PointerEvent) => fingers.delete(event.pointerId);
  surface.addEventListener('pointerup', lift);
  surface.addEventListener('pointercancel', lift);
  surface.addEventListener('pointermove', (event) => {
    const finger = fingers.get(event.pointerId);
    if (!finger) return;
    const now = { x: event.clientX, y: event.clientY };
    if (fingers.size === 2) pinch(gestures, { surface, fingers, id: event.pointerId, now });
    else if (fingers.size === 1) drag(gestures, { event, finger, rest });
    fingers.set(event.pointerId, now);
  });
  surface.addEventListener('wheel', (event) => {
    event.preventDefault();
    const pixels =
      event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * WHEEL_PIXELS;
    if (event.ctrlKey)
      return gestures.look(zoomed(gestures.view, Math.exp(-pixels / 300), middle(surface, event)));
    // A notch is a place, however far it reaches; fine wheels and pads add up.
    rest.wheel = Math.abs(pixels) >= WHEEL_PIXELS ? Math.sign(pixels) * WHEEL_PIXELS : rest.wheel + pixels;
    const places = Math.trunc(rest.wheel / WHEEL_PIXELS);
    rest.wheel -= places * WHEEL_PIXELS;
    if (places !== 0) gestures.turn(places);
  });
  surface.addEventListener('dblclick', () => gestures.reset());
  surface.addEventListener('contextmenu', (event) => event.preventDefault());
}

function drag(
  gestures: Gestures,
  { event, finger, rest }: { event: PointerEvent; finger: Finger; rest: { turn: number } },
): void {
  const across = event.clientX - finger.x;
  const down = event.clientY - finger.y;
  const tool = event.buttons & RIGHT ? 'zoom' : event.buttons & MIDDLE ? 'move' : gestures.tool;
  if (tool === 'window') gestures.shade(across, down);
  if (tool === 'zoom') gestures.look(zoomed(gestures.view, Math.exp(-down / 150)));
  if (tool === 'move') gestures.look(moved(gestures.view, across, down));
  if (tool !== 'scroll') return;
  rest.turn += down;
  const places = Math.trunc(rest.turn / PLACE_PIXELS);
  rest.turn -= places * PLACE_PIXELS;
  if (places !== 0) gestures.turn(places);
}

function pinch(
  gestures: Gestures,
  pinched: { surface: HTMLElement; fingers: ReadonlyMap<number, Finger>; id: number; now: Finger },
): void {
  const { surface, fingers, id, now } = pinched;
  const before = fingers.get(id);
  const other = [...fingers].find(([each]) => each !== id)?.[1];
  if (!before || !other) return;
  const apart = (finger: Finger) => Math.hypot(finger.x - other.x, finger.y - other.y);
  const factor = apart(before) > 0 ? apart(now) / apart(before) : 1;
  const between = { clientX: (now.x + other.x) / 2, clientY: (now.y + other.y) / 2 };
  const grown = zoomed(gestures.view, factor, middle(surface, between));
  gestures.look(moved(grown, (now.x - before.x) / 2, (now.y - before.y) / 2));
}

/** A point of the page as counted from the middle of the stage. */
function middle(surface: HTMLElement, { clientX, clientY }: { clientX: number; clientY: number }): Finger {
  const { left, top, width, height } = surface.getBoundingClientRect();
  return { x: clientX - left - width / 2, y: clientY - top - height / 2 };
}
