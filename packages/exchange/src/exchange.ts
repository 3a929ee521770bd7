import type { SigningKey } from '@filmpost/config/signing-key.ts';
import type { Db } from '@filmpost/db/client.ts';
import type { PreparedReads } from '@filmpost/db/prepared.ts';
import type { PgBoss } from 'pg-boss';
import type { BlobFolder } from './blobs.ts';
import type { Limits } from './intake/limits/schema.ts';
import type { StaffAuth } from './staff-auth.ts';
import type { Vault } from './vault.ts';

/** What every command needs of the world; built once by each process (web, worker, command line, test). */
export interface Exchange {
  db: Db;
  /** The same database for short questions that are asked all day. */
  reads: PreparedReads;
  boss: PgBoss;
  blobs: BlobFolder;
  vault: Vault;
  /** Proves what the exchange gave out. */
  signingKey: SigningKey;
  staffAuth: StaffAuth;
  /** The address people type, without a trailing slash, e.g. `https://exchange.example.org`. */
  publicUrl: string;
  limits: Limits;
  now(): Date;
}
