import { admit } from '@filmpost/exchange/access/gate/commands.ts';
import { latestSequence } from '@filmpost/exchange/events/queries.ts';
import { facilityFace } from '@filmpost/exchange/facilities/queries.ts';
import { z } from 'zod';
import { type Following, cursorInput, follow, since, sinceInput, unattended } from '../live/follow.ts';
import { type CallContext, procedure, router } from '../trpc.ts';

const facility = z.string().max(60);

async function working(ctx: CallContext, subject: { facility: string }) {
  return admit(ctx.exchange, await ctx.visitor(), { capability: 'facility:work', subject });
}

async function following(ctx: CallContext, subject: { facility: string }): Promise<Following> {
  const prove = () => working(ctx, subject);
  const { facilityId } = await prove();
  return { topic: `facility:${facilityId}`, prove };
}

export const facilities = router({
  /** Public: the face a facility shows on its Request Page. */
  face: procedure
    .input(z.object({ facility }))
    .query(({ ctx, input }) => facilityFace(ctx.exchange, input.facility)),
  /** Where to begin following everything that happens at a facility. */
  cursor: procedure.input(z.object({ facility })).query(async ({ ctx, input }) => {
    const granted = await working(ctx, input);
    return String(await latestSequence(ctx.exchange, `facility:${granted.facilityId}`));
  }),
  follow: procedure
    .input(z.object({ facility, ...cursorInput }))
    .subscription(async ({ ctx, input, signal }) =>
      follow(ctx, await following(ctx, input), { ...input, signal }),
    ),
  since: procedure
    .input(z.object({ facility, ...sinceInput }))
    .query(async ({ ctx, input, signal }) =>
      since(ctx, await following(unattended(ctx), input), { ...input, signal }),
    ),
});
