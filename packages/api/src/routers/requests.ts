import { admit } from '@filmpost/exchange/access/gate/commands.ts';
import { latestSequence } from '@filmpost/exchange/events/queries.ts';
import { uploadsOfRequest } from '@filmpost/exchange/intake/queries.ts';
import { cancelRequest } from '@filmpost/exchange/requests/cancelling/commands.ts';
import { createRequest } from '@filmpost/exchange/requests/commands.ts';
import { declineRequest } from '@filmpost/exchange/requests/declining/commands.ts';
import { newDecline } from '@filmpost/exchange/requests/declining/schema.ts';
import { findRequest, listRequests, maskedRequest, revealPin } from '@filmpost/exchange/requests/queries.ts';
import { newRequest } from '@filmpost/exchange/requests/schema.ts';
import { z } from 'zod';
import { type Following, cursorInput, follow, since, sinceInput, unattended } from '../live/follow.ts';
import { type CallContext, procedure, router } from '../trpc.ts';

const requestId = z.uuid();
const one = procedure.input(z.object({ requestId }));

async function watching(ctx: CallContext, subject: { requestId: string }) {
  return admit(ctx.exchange, await ctx.visitor(), { capability: 'request:watch', subject });
}

async function following(ctx: CallContext, subject: { requestId: string }): Promise<Following> {
  const prove = () => watching(ctx, subject);
  await prove();
  return { topic: `request:${subject.requestId}`, prove };
}

export const requests = router({
  create: procedure.input(newRequest).mutation(async ({ ctx, input }) => {
    const subject = { facility: input.facility };
    const granted = await admit(ctx.exchange, await ctx.visitor(), { capability: 'facility:work', subject });
    return createRequest(ctx.exchange, granted, input);
  }),
  list: procedure.input(z.object({ facility: z.string().max(60) })).query(async ({ ctx, input }) => {
    const granted = await admit(ctx.exchange, await ctx.visitor(), {
      capability: 'facility:work',
      subject: input,
    });
    return listRequests(ctx.exchange, granted);
  }),
  /** One request with its uploads, and where to follow it from. */
  find: one.query(async ({ ctx, input }) => {
    const granted = await watching(ctx, input);
    const cursor = String(await latestSequence(ctx.exchange, `request:${granted.requestId}`));
    const [request, uploads] = await Promise.all([
      findRequest(ctx.exchange, granted),
      uploadsOfRequest(ctx.exchange, granted),
    ]);
    return { request, uploads, cursor };
  }),
  revealPin: one.query(async ({ ctx, input }) => revealPin(ctx.exchange, await watching(ctx, input))),
  cancel: one.mutation(async ({ ctx, input }) => cancelRequest(ctx.exchange, await watching(ctx, input))),
  follow: procedure
    .input(z.object({ requestId, ...cursorInput }))
    .subscription(async ({ ctx, input, signal }) =>
      follow(ctx, await following(ctx, input), { ...input, signal }),
    ),
  since: procedure
    .input(z.object({ requestId, ...sinceInput }))
    .query(async ({ ctx, input, signal }) =>
      since(ctx, await following(unattended(ctx), input), { ...input, signal }),
    ),
  /** The request this browser holds a PIN session for, its patient masked. */
  mine: procedure.query(async ({ ctx }) => {
    const granted = await admit(ctx.exchange, await ctx.visitor(), {
      capability: 'request:fulfil',
      subject: {},
    });
    return maskedRequest(ctx.exchange, granted);
  }),
  /** The outside clinic does not have what is asked for. */
  decline: procedure.input(newDecline).mutation(async ({ ctx, input }) => {
    const granted = await admit(ctx.exchange, await ctx.visitor(), {
      capability: 'request:fulfil',
      subject: {},
    });
    return declineRequest(ctx.exchange, granted, input);
  }),
});
