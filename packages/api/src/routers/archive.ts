import { admit } from '@filmpost/exchange/access/gate/commands.ts';
import { listStudies } from '@filmpost/exchange/archive/queries.ts';
import { z } from 'zod';
import { procedure, router } from '../trpc.ts';

export const archive = router({
  /** The facility's exams, newest first; `search` takes a name, a patient id or an accession number. */
  list: procedure
    .input(z.object({ facility: z.string().max(60), search: z.string().max(100).optional() }))
    .query(async ({ ctx, input }) => {
      const subject = { facility: input.facility };
      const granted = await admit(ctx.exchange, await ctx.visitor(), {
        capability: 'facility:work',
        subject,
      });
      return listStudies(ctx.exchange, granted, { search: input.search });
    }),
});
