import { createHash } from 'node:crypto';
import { PictureCache } from './picture-cache.ts';
import { NoPicture, REASONS, type RefusalReason } from './refusals.ts';
import { type PictureOrder, type PictureStyle, renderFrame } from './rendering.ts';

/** Changes when the same order no longer gives the same picture; what was kept before is then of no use. */
const RECIPE = 1;
/** How long a picture that could not be made is not tried again. */
const REFUSED_MS = 10 * 60_000;
const MOST_BYTES = 1024 ** 3;

export interface KeptPicture {
  type: PictureStyle['type'];
  bytes: Uint8Array;
}

/** An order together with what its instance is: SHA-256 of the stored bytes. */
export interface OrderByContent extends PictureOrder {
  digest: Uint8Array;
}

/**
 * Pictures made once and kept by content: what is in the folder names no patient and no study, and two copies of one
 * image share it. Whoever asks has been admitted before; the cache knows no visitors.
 */
export class Pictures {
  readonly #cache: PictureCache;
  readonly #render: typeof renderFrame;
  readonly #underWay = new Map<string, Promise<KeptPicture>>();

  /** @param directory anything in it may be removed at any time */
  constructor(directory: string, { mostBytes = MOST_BYTES, render = renderFrame } = {}) {
    this.#cache = new PictureCache(directory, mostBytes);
    this.#render = render;
  }

  /** The name of a picture, the same for the same content and style: also its ETag. */
  static keyOf({ digest, frameNumber, style }: OrderByContent): string {
    const { type, viewport, region, window } = style;
    const quality = type === 'image/jpeg' ? style.quality : null;
    const sizes = [viewport?.width, viewport?.height, region?.x, region?.y, region?.width, region?.height];
    const shades = [window?.center, window?.width, window?.shape];
    const order = JSON.stringify([RECIPE, frameNumber, type, quality, ...sizes, ...shades]);
    return createHash('sha256').update(digest).update(order).digest('hex');
  }

  /** From the folder, or made now; those who ask for the same at the same time wait for the same. @throws NoPicture */
  picture(order: OrderByContent): Promise<KeptPicture> {
    const key = Pictures.keyOf(order);
    const underWay = this.#underWay.get(key);
    if (underWay) return underWay;
    const made = this.#keptOrMade(key, order).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, made);
    return made;
  }

  async #keptOrMade(key: string, order: OrderByContent): Promise<KeptPicture> {
    const { type } = order.style;
    const kept = await this.#cache.get(key);
    if (kept) return { type, bytes: kept };
    const reason =
      (await this.#refusal(refusalKey(order))) ?? (await this.#refusal(refusalKey(order.digest)));
    if (reason) throw new NoPicture(reason);
    const { bytes } = await this.#make(order);
    await this.#cache.put(key, bytes);
    return { type, bytes };
  }

  async #make(order: OrderByContent) {
    try {
      return await this.#render(order);
    } catch (error) {
      if (error instanceof NoPicture) await this.#remember(order, error.reason);
      throw error;
    }
  }

  /** Why lately there was no picture, whatever it was to be like: a hostile image is not tried a hundred times. */
  async #refusal(key: string): Promise<RefusalReason | null> {
    const kept = await this.#cache.get(key, { maxAgeMs: REFUSED_MS });
    return REASONS.find((each) => each === kept?.toString()) ?? null;
  }

  async #remember(order: OrderByContent, reason: RefusalReason): Promise<void> {
    // That the house was busy, or the region beside the picture, says nothing of the image.
    if (reason === 'busy' || reason === 'no-such-region') return;
    const costly = reason === 'too-slow' || reason === 'died';
    await this.#cache.put(refusalKey(costly ? order.digest : order), Buffer.from(reason));
  }
}

/** Refusals lie beside pictures: of one frame, or of all of an instance where trying another would cost as much. */
function refusalKey(of: OrderByContent | Uint8Array): string {
  const [digest, frameNumber] = of instanceof Uint8Array ? [of, null] : [of.digest, of.frameNumber];
  const name = JSON.stringify(['refused', RECIPE, frameNumber]);
  return createHash('sha256').update(digest).update(name).digest('hex');
}
