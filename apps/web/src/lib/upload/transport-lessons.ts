const KIBIBYTE = 1024;
const LARGEST_PIECE = 16 * KIBIBYTE * KIBIBYTE;
const SMALLEST_PIECE = 256 * KIBIBYTE;
/** What proxies say of a method they do not let through. Our own server never answers an upload like this. */
const METHOD_REFUSED = [403, 405, 501];
/** What gateways say in place of a server that they did not reach in time, which is how long a large body takes. */
const GIVEN_UP = [408, 502, 503, 504];
/** Times something must break off in the same way before it is taken for a rule. */
const SAME_AGAIN = 2;

/** How a request of tus failed. */
export interface Failure {
  /** The method as the tus client meant it. */
  method: string;
  /** It went as POST, and named its method in a header. */
  overridden: boolean;
  /** Null when the connection ended without an answer. */
  status: number | null;
  /** Length of the request's body, and how much of it had left. Bytes. */
  bodyBytes: number;
  sentBytes: number;
}

/**
 * What a page has learned of the network between it and the server. Hospitals' proxies block methods and cut bodies
 * off; which ones do is found out by trying, once a page.
 */
export class TransportLessons {
  /** PATCH goes as POST with `X-HTTP-Method-Override` (tus 1.0). */
  overridesPatch = false;
  /** Most bytes of one request; infinite until something was refused for its size. */
  pieceBytes = Infinity;
  #patchWorks = false;
  #unanswered = 0;
  #cutAt: number[] = [];

  /** A request with this method was answered as it should be. */
  succeeded(method: string): void {
    if (method !== 'POST' && method !== 'PATCH') return;
    this.#cutAt = [];
    if (method !== 'PATCH') return;
    this.#patchWorks = true;
    this.#unanswered = 0;
  }

  /** Whether the same is worth trying again at once: there is another way by now. */
  learn({ method, overridden, status, bodyBytes, sentBytes }: Failure): boolean {
    if (status === 413) return this.#shrinkBelow(bodyBytes);
    const plainPatch = method === 'PATCH' && !overridden;
    if (status !== null && GIVEN_UP.includes(status)) {
      return this.#cutAtSameSize(sentBytes) && this.#shrinkBelow(sentBytes);
    }
    if (status !== null) {
      // Whoever looks into bodies may have nothing against an upload that begins without one.
      if (method === 'POST' && METHOD_REFUSED.includes(status) && bodyBytes > 0)
        return this.#shrinkBelow(bodyBytes);
      this.overridesPatch ||= plainPatch && METHOD_REFUSED.includes(status);
      return plainPatch && this.overridesPatch;
    }
    if (this.#cutAtSameSize(sentBytes)) return this.#shrinkBelow(sentBytes);
    if (!plainPatch || this.#patchWorks) return false;
    this.overridesPatch ||= ++this.#unanswered >= SAME_AGAIN;
    return this.overridesPatch;
  }

  /** Halves what is sent at once until it is less than what was refused, as far as that makes sense. */
  #shrinkBelow(refused: number): boolean {
    let most = Math.min(this.pieceBytes, LARGEST_PIECE);
    while (most >= refused && most > SMALLEST_PIECE) most /= 2;
    this.pieceBytes = most;
    this.#cutAt = [];
    return most < refused;
  }

  /** A line that breaks does so anywhere; a limit is always in the same place. */
  #cutAtSameSize(bytes: number): boolean {
    if (bytes < SMALLEST_PIECE) return false;
    this.#cutAt = [...this.#cutAt, bytes].slice(-SAME_AGAIN);
    const [least, most] = [Math.min(...this.#cutAt), Math.max(...this.#cutAt)];
    return this.#cutAt.length === SAME_AGAIN && most - least <= most / 20;
  }
}
