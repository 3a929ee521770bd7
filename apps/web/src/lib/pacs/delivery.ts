import { relatedBody } from './multipart-related.ts';
import { type SharedImage, ShareUnreadable, imageBytes } from './shared-images.ts';
import { type Outcome, outcomesOf, statusInWords } from './store-answer.ts';

/** Where images come from and go to. */
export interface Route {
  /** Root of the share's DICOMweb services. */
  from: string;
  /** `…/studies` of the PACS. */
  to: string;
  authorization: string | null;
}

/** The PACS could not be reached, or does not let a browser in; which of the two, a browser does not say. */
export class NotLetIn extends Error {
  constructor() {
    super('The PACS did not answer this browser.');
    this.name = 'NotLetIn';
  }
}

/** A request holds at most so many images and begins no other beyond so many bytes: small enough to try again. */
const BATCH = { images: 20, bytes: 24 * 1024 * 1024 };
/** Statuses that every further request would be answered with too. */
const HOPELESS = [401, 403, 404, 405];

/**
 * Carries images from the share into a PACS, batch by batch, through this browser alone. Each is told as it is known.
 * Ends early, leaving the rest untold, where the PACS lets nobody in.
 *
 * @throws NotLetIn, ShareUnreadable, AbortError
 */
export async function deliver(
  images: readonly SharedImage[],
  route: Route,
  { signal, ontold }: { signal: AbortSignal; ontold: (image: SharedImage, outcome: Outcome) => void },
): Promise<void> {
  const waiting = images.values();
  for (;;) {
    const batch = await nextBatch(waiting, route, { signal, ontold });
    if (batch.length === 0) return;
    const answer = await store(
      batch.map(({ bytes }) => bytes),
      route,
      signal,
    );
    const uids = batch.map(({ image }) => image.sopInstanceUid);
    const outcomes = outcomesOf(uids, answer);
    for (const { image } of batch) ontold(image, outcomes.get(image.sopInstanceUid) ?? lost(answer.status));
    if (HOPELESS.includes(answer.status)) {
      for (const image of waiting) ontold(image, lost(answer.status));
      return;
    }
  }
}

function lost(status: number): Outcome {
  return { kind: 'failed', sentence: statusInWords(status) };
}

interface Fetched {
  image: SharedImage;
  bytes: Blob;
}

type Telling = { signal: AbortSignal; ontold: (image: SharedImage, outcome: Outcome) => void };

async function nextBatch(
  waiting: Iterator<SharedImage>,
  route: Route,
  { signal, ontold }: Telling,
): Promise<Fetched[]> {
  const batch: Fetched[] = [];
  let size = 0;
  while (batch.length < BATCH.images && size < BATCH.bytes) {
    const next = waiting.next();
    if (next.done) break;
    try {
      const bytes = await imageBytes(route.from, next.value, signal);
      size += bytes.size;
      batch.push({ image: next.value, bytes });
    } catch (error) {
      // One image that cannot be given is no reason to hold back the others; a share that has ended is.
      if (!(error instanceof ShareUnreadable) || error.status < 500) throw error;
      ontold(next.value, { kind: 'failed', sentence: 'This exchange could not give the image. Try again.' });
    }
  }
  return batch;
}

async function store(
  images: readonly Blob[],
  { to, authorization }: Route,
  signal: AbortSignal,
): Promise<{ status: number; body: string }> {
  const { body, contentType } = relatedBody(
    images,
    `filmpost-${crypto.getRandomValues(new Uint32Array(4)).join('')}`,
  );
  const headers = {
    accept: 'application/dicom+json',
    'content-type': contentType,
    ...(authorization && { authorization }),
  };
  try {
    const answer = await fetch(to, {
      method: 'POST',
      headers,
      body,
      signal,
      // Images go where somebody typed, and nowhere that answers "over there".
      redirect: 'error',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
    });
    return { status: answer.status, body: await answer.text() };
  } catch (error) {
    if (signal.aborted) throw error;
    throw new NotLetIn();
  }
}
