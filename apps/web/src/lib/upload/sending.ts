import type { UploadProgress } from '@filmpost/exchange/intake/schema.ts';
import type { HeadStart } from './head-start.ts';
import type { LostReason } from './manifest.ts';
import { pauseBefore } from './pause.ts';
import { Sender, type SenderOptions } from './sender.ts';

export interface SendingOptions extends Pick<SenderOptions, 'transport' | 'roomy' | 'signal'> {
  start: HeadStart;
  /** Tells the server what is to come, as far as it is known by now. */
  announce(): Promise<UploadProgress>;
  /** Chosen files (by place) that do not go: what is found out on the way is added. */
  lost: Map<number, LostReason>;
  tell(upload: UploadProgress): void;
}

/**
 * A disc on its way. Announces it, and asks at the same time what the server has of it, for answers take their time over a
 * long line; no byte leaves before the server knows what is to come.
 */
export class Sending {
  readonly sender: Sender;
  /** What the server made of the announcement. Once this fails, nothing leaves. */
  readonly announced: Promise<UploadProgress>;
  /** Settles as `Sender.run` does. */
  readonly ended: Promise<UploadProgress>;

  constructor({ transport, start, announce, lost, tell, roomy, signal: outer }: SendingOptions) {
    const stopping = new AbortController();
    const signal = AbortSignal.any([outer, stopping.signal]);
    this.announced = announce();
    const { announced } = this;
    this.sender = new Sender(start.packs, {
      transport: {
        ...transport,
        send: (parcel) => announced.then(() => transport.send(parcel)),
        finish: () => announced.then(() => transport.finish()),
      },
      seal: (pack) => start.seal(pack),
      pause: (attempt) => pauseBefore(attempt, signal),
      onLost: async (places, reason) => {
        for (const place of places) lost.set(place, reason);
        await announced;
        tell(await announce());
      },
      roomy,
      signal,
    });
    this.ended = this.sender.run();
    // Before it was announced nobody listens to how it ends.
    this.ended.catch(() => undefined);
    announced.catch(() => stopping.abort());
  }
}
