import { z } from 'zod';

/** What a person typed; the rules make a code and a date of it. Bounds only keep nonsense small. */
export const codeEntry = z.object({ code: z.string().max(200), birthDate: z.string().max(60) });
export type CodeEntry = z.infer<typeof codeEntry>;
