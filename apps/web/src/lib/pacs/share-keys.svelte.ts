import type { ListedShareKey, MadeShareKey } from '@filmpost/exchange/access/share-keys/schema.ts';
import { TRPCClientError } from '@trpc/client';
import { api } from '#lib/live/api.ts';

/** The keys of one share: made, listed, revoked. A made key stands here until the page is left, and nowhere else. */
export class ShareKeys {
  keys: ListedShareKey[] = $state.raw([]);
  made: MadeShareKey | null = $state.raw(null);
  busy = $state(false);
  problem: string | null = $state(null);
  readonly #shareId: string;

  constructor(shareId: string) {
    this.#shareId = shareId;
  }

  refresh(): Promise<void> {
    return this.#attempt(async () => undefined);
  }

  make(hours: number): Promise<void> {
    return this.#attempt(async () => {
      this.made = await api().shares.makeKey.mutate({ shareId: this.#shareId, hours });
    });
  }

  revoke(keyId: string): Promise<void> {
    return this.#attempt(async () => {
      await api().shares.revokeKey.mutate({ shareId: this.#shareId, keyId });
      if (this.made?.keyId === keyId) this.made = null;
    });
  }

  async #attempt(act: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problem = null;
    try {
      await act();
      this.keys = await api().shares.keys.query({ shareId: this.#shareId });
    } catch (error) {
      this.problem =
        error instanceof TRPCClientError && error.data
          ? error.message
          : 'The server was not reached. Check your connection and try again.';
    } finally {
      this.busy = false;
    }
  }
}
