import type { Instance } from './loaded.ts';
import { Received } from './received.ts';
import { type Sight, sightOf } from './showing.ts';

/** What the viewer tells the page around it. Nothing in it names a patient. */
export type ViewerMessage =
  /** The first image is painted. */
  | { type: 'filmpost:viewer-image' }
  /** Images were answered 401, 403 or 404; once a status. */
  | { type: 'filmpost:viewer-refused'; status: number }
  /** What can be seen of the series loaded so far; again when there are more. */
  | ({ type: 'filmpost:viewer-sight' } & Sight)
  /** Another image came to the fore. */
  | { type: 'filmpost:viewer-place'; seriesInstanceUid: string; sopInstanceUid: string }
  /** Documents that hold a program and are not opened; again when there are more. */
  | { type: 'filmpost:viewer-withheld'; documents: number }
  /** Images whose bytes came and could not be decoded; again when there are more. */
  | { type: 'filmpost:viewer-damaged'; images: number };

/** Told to our own origin only, whoever frames us. */
export function tell(message: ViewerMessage): void {
  window.parent.postMessage(message, location.origin);
}

const refusalsTold = new Set<number>();

/** A withdrawn right fails a hundred frames at once; the page around us wants to hear of it once. */
export function tellRefusal(failure: unknown): void {
  const status = statusOf(failure);
  if (![401, 403, 404].includes(status) || refusalsTold.has(status)) return;
  refusalsTold.add(status);
  tell({ type: 'filmpost:viewer-refused', status });
}

/** How the viewer's loader of frames says it, whose error holds the status in its sentence only. */
const SAID = /^Couldn't retrieve .* got status (\d{3})$/s;

/** The status of a failed request, as it is or wrapped in what went wrong because of it; 0 where there is none. */
export function statusOf(failure: unknown): number {
  if (typeof failure !== 'object' || failure === null) return 0;
  if ('status' in failure && typeof failure.status === 'number') return failure.status;
  const said = failure instanceof Error ? SAID.exec(failure.message)?.[1] : undefined;
  if (said) return Number(said);
  return 'error' in failure ? statusOf(failure.error) : 0;
}

const received = new Received();
let telling: ReturnType<typeof setTimeout> | undefined;

/** Passes on what the viewer has read of an instance. Series come one after another: told once they pause. */
export function take(instance: Instance): Instance {
  received.take(instance);
  clearTimeout(telling);
  telling = setTimeout(() => tell({ type: 'filmpost:viewer-sight', ...sightOf(received.series) }), 100);
  return instance;
}

const damaged = new Set<string>();

export function tellDamaged(imageId: string): void {
  if (damaged.has(imageId)) return;
  damaged.add(imageId);
  tell({ type: 'filmpost:viewer-damaged', images: damaged.size });
}

const withheld = new Set<string>();

export function tellWithheld(address: string): void {
  withheld.add(address);
  tell({ type: 'filmpost:viewer-withheld', documents: withheld.size });
}
