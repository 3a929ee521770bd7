import { z } from 'zod';

/** Hours a key may live; the share may end before. */
export const SHARE_KEY_HOURS = { least: 1, most: 24 } as const;

export const newShareKey = z.object({
  hours: z.number().int().min(SHARE_KEY_HOURS.least).max(SHARE_KEY_HOURS.most),
});
export type NewShareKey = z.infer<typeof newShareKey>;

/** A key as it is told, once: nobody can read it again. */
export interface MadeShareKey {
  keyId: string;
  key: string;
  /** Base of the DICOMweb services it opens: `…/studies` below it is what a PACS asks for. */
  root: string;
  expiresAt: string;
}

/** A key in the list: everything but the key. */
export interface ListedShareKey {
  keyId: string;
  createdAt: string;
  expiresAt: string;
  /** Null until somebody has used it. */
  lastUsedAt: string | null;
  state: 'live' | 'expired' | 'revoked';
}
