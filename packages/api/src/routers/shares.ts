import { admit } from '@filmpost/exchange/access/gate/commands.ts';
import { printedCode } from '@filmpost/exchange/access/codes/rules.ts';
import { makeShareKey, revokeShareKey } from '@filmpost/exchange/access/share-keys/commands.ts';
import { listShareKeys } from '@filmpost/exchange/access/share-keys/queries.ts';
import { newShareKey } from '@filmpost/exchange/access/share-keys/schema.ts';
import { createShare, revokeShare } from '@filmpost/exchange/shares/commands.ts';
import { inbox, listShares, revealCode } from '@filmpost/exchange/shares/queries.ts';
import { newShare } from '@filmpost/exchange/shares/schema.ts';
import { noteTaking } from '@filmpost/exchange/shares/taking/commands.ts';
import { taking as takingInput } from '@filmpost/exchange/shares/taking/schema.ts';
import { z } from 'zod';
import { type Following, cursorInput, follow, since, sinceInput, unattended } from '../live/follow.ts';
import { type CallContext, procedure, router } from '../trpc.ts';

const shareId = z.string().max(60);
const one = procedure.input(z.object({ shareId }));

async function viewing(ctx: CallContext, subject: { shareId: string }) {
  return admit(ctx.exchange, await ctx.visitor(), { capability: 'share:view', subject });
}

async function taking(ctx: CallContext, subject: { shareId: string }) {
  return admit(ctx.exchange, await ctx.visitor(), { capability: 'share:download', subject });
}

async function managing(ctx: CallContext, subject: { shareId: string }) {
  return admit(ctx.exchange, await ctx.visitor(), { capability: 'share:manage', subject });
}

async function following(ctx: CallContext, subject: { shareId: string }): Promise<Following> {
  const prove = () => viewing(ctx, subject);
  await prove();
  return {
    topic: `share:${subject.shareId}`,
    prove,
    endsWith: (event) => event.kind === 'share.changed' && event.payload.ended,
  };
}

export const shares = router({
  create: procedure.input(newShare).mutation(async ({ ctx, input }) => {
    const subject = { facility: input.facility };
    const granted = await admit(ctx.exchange, await ctx.visitor(), { capability: 'facility:work', subject });
    return createShare(ctx.exchange, granted, input);
  }),
  list: procedure.input(z.object({ facility: z.string().max(60) })).query(async ({ ctx, input }) => {
    const granted = await admit(ctx.exchange, await ctx.visitor(), {
      capability: 'facility:work',
      subject: input,
    });
    return listShares(ctx.exchange, granted);
  }),
  revealCode: one.query(async ({ ctx, input }) =>
    printedCode(await revealCode(ctx.exchange, await managing(ctx, input))),
  ),
  revoke: one.mutation(async ({ ctx, input }) => revokeShare(ctx.exchange, await managing(ctx, input))),
  /** The Share Inbox of the recipient this browser is. */
  inbox: one.query(async ({ ctx, input }) => inbox(ctx.exchange, await viewing(ctx, input))),
  /** Keys by which a PACS pulls the exams of this share. */
  keys: one.query(async ({ ctx, input }) => listShareKeys(ctx.exchange, await taking(ctx, input))),
  makeKey: procedure
    .input(newShareKey.extend({ shareId }))
    .mutation(async ({ ctx, input }) => makeShareKey(ctx.exchange, await taking(ctx, input), input)),
  revokeKey: procedure
    .input(z.object({ shareId, keyId: z.guid() }))
    .mutation(async ({ ctx, input }) => revokeShareKey(ctx.exchange, await taking(ctx, input), input.keyId)),
  /** Told by a browser before it carries images on by itself. */
  noteTaking: procedure
    .input(takingInput.extend({ shareId }))
    .mutation(async ({ ctx, input }) => noteTaking(ctx.exchange, await taking(ctx, input), input)),
  follow: procedure
    .input(z.object({ shareId, ...cursorInput }))
    .subscription(async ({ ctx, input, signal }) =>
      follow(ctx, await following(ctx, input), { ...input, signal }),
    ),
  since: procedure
    .input(z.object({ shareId, ...sinceInput }))
    .query(async ({ ctx, input, signal }) =>
      since(ctx, await following(unattended(ctx), input), { ...input, signal }),
    ),
});
