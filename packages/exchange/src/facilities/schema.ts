import { z } from 'zod';

/** A facility's part of its Request Page address. */
export const facilitySlug = z.string().regex(/^[a-z0-9][a-z0-9-]{1,39}$/);

export const newFacility = z.object({
  name: z.string().trim().min(1).max(120),
  slug: facilitySlug.optional(),
  timezone: z.string().max(60).refine(isTimeZone).default('UTC'),
  contactPhone: z.string().max(40).optional(),
  contactEmail: z.email().max(200).optional(),
});
export type NewFacility = z.input<typeof newFacility>;

export const deviceName = z.string().trim().min(1).max(120);
export const deviceId = z.uuid();

export const newStaff = z.object({
  facility: z.string(),
  name: z.string().trim().min(1).max(120),
  email: z.email().max(200),
  role: z.enum(['clerk', 'administrator']),
  password: z.string().min(15).max(256).optional(),
});
export type NewStaff = z.input<typeof newStaff>;

export const facilityLimit = z.object({
  facility: z.string().max(60),
  quotaBytes: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).nullable(),
});
export type FacilityLimit = z.input<typeof facilityLimit>;

/** What anybody may know of a facility: it stands on its Request Page. */
export interface FacilityFace {
  slug: string;
  name: string;
  contactPhone: string | null;
  contactEmail: string | null;
}

/** Whether times can be told in it: a name of the tz database. */
function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
