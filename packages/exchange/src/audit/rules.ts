import { createHash } from 'node:crypto';

/** What the first entry points back to. */
export const GENESIS: Buffer = Buffer.alloc(32);

export interface ChainedFields {
  at: Date;
  facilityId: string | null;
  actorKind: string;
  actorId: string;
  action: string;
  outcome: string;
  subjectKind: string;
  subjectId: string;
  /** JSON text; jsonb does not keep key order, so keys are sorted before hashing. */
  detail: string;
  address: string;
}

/** SHA-256 over the previous hash and every field of the entry: changing, removing or reordering any shows. */
export function chained(previousHash: Buffer, fields: ChainedFields): Buffer {
  const text = JSON.stringify([
    fields.at.toISOString(),
    fields.facilityId,
    fields.actorKind,
    fields.actorId,
    fields.action,
    fields.outcome,
    fields.subjectKind,
    fields.subjectId,
    canonical(JSON.parse(fields.detail)),
    fields.address,
  ]);
  return createHash('sha256').update(previousHash).update(text).digest();
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, canonical(inner)]),
  );
}
