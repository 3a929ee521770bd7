import { io } from 'socket.io-client';

/** How fast an upload moves just now, in bytes a second; gone from the screen when nothing is heard for a while. */
interface Tick {
  uploadId: string;
  bytesPerSecond: number;
  bytesInFlight: number;
}

const SILENT_AFTER_MS = 5_000;

/**
 * Pace and presence of one topic, over socket.io. A comfort: with this switched off every screen is still right.
 */
export class Pace {
  #ticks = $state<Record<string, Tick & { at: number }>>({});
  #now = $state(Date.now());
  screens = $state(0);
  /** Who of the staff looks at it; told to staff only. */
  people = $state.raw<readonly string[]>([]);
  #stop: () => void;

  /** @param topic e.g. `share:<id>`, `upload:<id>`, `request:<id>` or `facility:<slug>` */
  constructor(topic: string) {
    const socket = io({
      path: '/live',
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      reconnectionDelayMax: 10_000,
    });
    socket.on('connect', () => socket.emit('watch', topic, () => undefined));
    socket.on('pace', (tick: Tick) => {
      this.#ticks[tick.uploadId] = { ...tick, at: Date.now() };
    });
    socket.on('watching', ({ screens }: { screens: number }) => (this.screens = screens));
    socket.on('people', ({ names }: { names: string[] }) => (this.people = names));
    const clock = setInterval(() => (this.#now = Date.now()), 1_000);
    this.#stop = () => {
      clearInterval(clock);
      socket.close();
    };
  }

  close(): void {
    this.#stop();
  }

  /** The pace of an upload; null when nothing has been heard for some seconds: the sender's line may be paused. */
  of(uploadId: string | null): Tick | null {
    const tick = uploadId === null ? undefined : this.#ticks[uploadId];
    return tick && this.#now - tick.at < SILENT_AFTER_MS && tick.bytesPerSecond > 0 ? tick : null;
  }

  /** Whether an upload has moved on this screen before and is silent now. */
  paused(uploadId: string | null): boolean {
    return uploadId !== null && this.#ticks[uploadId] !== undefined && this.of(uploadId) === null;
  }
}
