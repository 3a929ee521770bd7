/** Whether this page hears what happens. Quietly told at the top of a page; what is known stays on the screen. */
class Connection {
  #hears = $state(true);
  #online = $state(true);
  lastHeard = $state(new Date());

  constructor() {
    if (typeof window === 'undefined') return;
    // A pulled cable is known to the browser long before a silent socket gives up.
    window.addEventListener('offline', () => {
      this.#stamp();
      this.#online = false;
    });
    window.addEventListener('online', () => (this.#online = true));
  }

  get connected(): boolean {
    return this.#hears && this.#online;
  }

  heard(): void {
    this.#hears = true;
    this.lastHeard = new Date();
  }

  lost(): void {
    this.#stamp();
    this.#hears = false;
  }

  /** Until this moment nothing was missed, however long ago the last thing happened. */
  #stamp(): void {
    if (this.connected) this.lastHeard = new Date();
  }
}

export const connection = new Connection();
