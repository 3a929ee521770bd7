import { SESSION_MINUTES } from '@filmpost/exchange/access/gate/rules.ts';
import { api } from '../live/api.ts';
import { isRefusal } from '../live/refusal.ts';

const SIGNS = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'touchstart'] as const;
/** Telling the server more often would tell it nothing. */
const TELL_EVERY_MS = 60_000;
const WARN_BEFORE_MS = 2 * 60_000;
const IDLE_MS = SESSION_MINUTES.recipient.idle * 60_000;

/**
 * Whether somebody is there. An open page alone does not keep a session alive, or a shared computer would show a
 * patient's images all day; people who watch, scroll or read do.
 */
export class Attendance {
  /** When the server last heard that somebody is here, on this computer's clock. */
  attendedAt = $state(Date.now());
  #now = $state(Date.now());
  /** The page will close unless somebody stirs (WCAG 2.2, 2.2.1). */
  readonly restsSoon = $derived(this.#now - this.attendedAt >= IDLE_MS - WARN_BEFORE_MS);
  readonly #shareId: string;
  readonly #onRefused: () => void;
  #telling = false;

  constructor(shareId: string, onRefused: () => void) {
    this.#shareId = shareId;
    this.#onRefused = onRefused;
  }

  start(): () => void {
    const unwatch = this.watch(window);
    const clock = setInterval(() => (this.#now = Date.now()), 5_000);
    return () => {
      unwatch();
      clearInterval(clock);
    };
  }

  /** Takes signs of life from a window: the page's own, or that of the viewer inside it. */
  watch(place: Window): () => void {
    const stir = () => void this.stir();
    for (const sign of SIGNS) place.addEventListener(sign, stir, { passive: true, capture: true });
    return () => {
      for (const sign of SIGNS) place.removeEventListener(sign, stir, { capture: true });
    };
  }

  /** Somebody is here. */
  async stir(): Promise<void> {
    if (this.#telling || Date.now() - this.attendedAt < TELL_EVERY_MS) return;
    this.#telling = true;
    const at = Date.now();
    try {
      const { shareId } = await api().access.me.query();
      if (shareId === this.#shareId) this.attendedAt = at;
      else this.#onRefused();
    } catch (error) {
      if (isRefusal(error)) this.#onRefused();
    } finally {
      this.#telling = false;
    }
  }
}
