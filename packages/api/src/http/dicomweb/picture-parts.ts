import { whenFree } from '@filmpost/exchange/archive/explicit/queries.ts';
import type { OrderByContent, Pictures } from '@filmpost/imaging/pictures.ts';
import { NoPicture, type PictureStyle } from '@filmpost/imaging/rendering.ts';
import { BytesResponse } from '../../answer.ts';
import { type Part, multipart } from './multipart-writer.ts';
import { REVALIDATED } from './representation.ts';

interface Ordered {
  order: OrderByContent;
  /** Its address, for Content-Location. */
  location: string;
}

interface Wanted {
  ordered: readonly Ordered[];
  type: PictureStyle['type'];
  /** Whether these are all images of something: then those that cannot be drawn are left out. */
  isWhole: boolean;
}

/**
 * Pictures as parts. The first is made before anything is said, so that what cannot be shown is told; the others as
 * they leave. @throws NoPicture
 */
export async function pictureParts(shelf: Pictures, { ordered, type, isWhole }: Wanted): Promise<Response> {
  const drawn = isWhole ? await fromFirstDrawn(shelf, ordered) : ordered;
  const parts: Part[] = [];
  for (const { order, location } of drawn) {
    const first = parts.length === 0 ? await shelf.picture(order) : null;
    const picture = () => first ?? whenFree(() => shelf.picture(order));
    parts.push({
      headers: { 'Content-Type': type, 'Content-Location': location },
      size: first?.bytes.length ?? null,
      ...(isWhole && { ready: async () => isPicture(picture) }),
      async *bytes() {
        yield (await picture()).bytes;
      },
    });
  }
  const { contentType, size, body } = multipart(type, parts);
  const length: Record<string, string> = size === null ? {} : { 'content-length': String(size) };
  return new BytesResponse(body, {
    status: 200,
    headers: { ...REVALIDATED, vary: 'Accept', 'content-type': contentType, ...length },
  });
}

/** @throws NoPicture when none can be drawn */
async function fromFirstDrawn(shelf: Pictures, ordered: readonly Ordered[]): Promise<readonly Ordered[]> {
  for (const [at, { order }] of ordered.entries()) {
    if (await isPicture(() => whenFree(() => shelf.picture(order)))) return ordered.slice(at);
  }
  return ordered;
}

async function isPicture(make: () => unknown): Promise<boolean> {
  try {
    await make();
    return true;
  } catch (error) {
    if (error instanceof NoPicture) return false;
    throw error;
  }
}
