/** A closing handshake that nobody answers keeps a browser waiting for a minute, and a connection attempt for longer. */
const CLOSING_MS = 1_000;
const OPENING_MS = 8_000;

/** Code of a connection that ended without a closing handshake (RFC 6455 7.4.1). */
const ABNORMAL = 1006;

/** A WebSocket that says soon when the line is dead, so that the page can tell and a new attempt can begin. */
export class PromptSocket extends WebSocket {
  #told = false;

  constructor(url: string | URL, protocols?: string | string[]) {
    super(url, protocols);
    // The first listener of all: the browser's own, late event must not close a second time.
    this.addEventListener('close', (event) => {
      if (this.#told) event.stopImmediatePropagation();
      this.#told = true;
    });
    const opening = setTimeout(() => this.close(), OPENING_MS);
    for (const over of ['open', 'close']) this.addEventListener(over, () => clearTimeout(opening));
  }

  override close(code?: number, reason?: string): void {
    super.close(code, reason);
    setTimeout(() => {
      if (this.readyState !== WebSocket.CLOSING || this.#told) return;
      this.dispatchEvent(new CloseEvent('close', { code: ABNORMAL, wasClean: false }));
    }, CLOSING_MS);
  }
}
