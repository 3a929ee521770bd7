import { admit } from '@filmpost/exchange/access/gate/commands.ts';
import { latestSequence } from '@filmpost/exchange/events/queries.ts';
import { facilityFace } from '@filmpost/exchange/facilities/queries.ts';
import { z } from 'zod';
import { cursorInput, follow } from '../live/follow.ts';
import { procedure, router } from '../trpc.ts';

const facility = z.string().max(60);

export const facilities = router({
  /** Public: the face a facility shows on its Request Page. */
  face: procedure
    .input(z.object({ facility }))
    .query(({ ctx, input }) => facilityFace(ctx.exchange, input.facility)),
  /** Where to begin following everything that happens at a facility. */
  cursor: procedure.input(z.object({ facility })).query(async ({ ctx, input }) => {
    const granted = await admit(ctx.exchange, await ctx.visitor(), {
      capability: 'facility:work',
      subject: input,
    });
    return String(await latestSequence(ctx.exchange, `facility:${granted.facilityId}`));
  }),
  follow: procedure
    .input(z.object({ facility, ...cursorInput }))
    .subscription(async ({ ctx, input, signal }) => {
      const prove = async () =>
        admit(ctx.exchange, await ctx.visitor(), {
          capability: 'facility:work',
          subject: { facility: input.facility },
        });
      const { facilityId } = await prove();
      return follow(ctx, {
        topic: `facility:${facilityId}`,
        lastEventId: input.lastEventId,
        briefly: input.briefly,
        signal,
        prove,
      });
    }),
});
