import { z } from 'zod';

export const pinEntry = z.object({
  facility: z.string().max(60),
  pin: z.string().max(40),
  /** Asked for only while a facility's PINs are being guessed at. */
  birthDate: z.string().max(60).optional(),
});
export type PinEntry = z.infer<typeof pinEntry>;
