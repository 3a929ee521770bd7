import { z } from 'zod';

/** Exams that a recipient's browser itself carries on: into a PACS by STOW-RS, or one image of them as a PNG. */
export const taking = z.object({
  studyInstanceUids: z.array(z.string().min(1).max(64)).min(1).max(500),
  kind: z.enum(['stow', 'png']),
});
export type Taking = z.infer<typeof taking>;
