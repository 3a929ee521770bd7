import { admit } from '@filmpost/exchange/access/gate/commands.ts';
import { Refused } from '@filmpost/exchange/access/gate/schema.ts';
import { askForPackage } from '@filmpost/exchange/packages/commands.ts';
import { type Taking, findPackage, packageChoices } from '@filmpost/exchange/packages/queries.ts';
import { packageWish } from '@filmpost/exchange/packages/schema.ts';
import { z } from 'zod';
import { type CallContext, procedure, router } from '../trpc.ts';

/** From what exams are taken: those of a share, or a facility's own. */
const source = z.union([
  z.object({ shareId: z.string().max(60) }),
  z.object({ facility: z.string().max(60) }),
]);

async function taking(ctx: CallContext, from: z.infer<typeof source>): Promise<Taking> {
  const visitor = await ctx.visitor();
  return 'shareId' in from
    ? admit(ctx.exchange, visitor, { capability: 'share:download', subject: from })
    : admit(ctx.exchange, visitor, { capability: 'archive:read', subject: from });
}

export const packages = router({
  /** What can be chosen beside exams and kind; the same for everybody. */
  choices: procedure.query(() => packageChoices()),
  /** Finds or begins the package that holds just what is wished for. */
  ask: procedure
    .input(z.object({ from: source, wish: packageWish }))
    .mutation(async ({ ctx, input }) =>
      askForPackage(ctx.exchange, await taking(ctx, input.from), input.wish),
    ),
  /** How far a package is. Its changes are events of the share, or of the facility. */
  find: procedure.input(z.object({ from: source, packageId: z.uuid() })).query(async ({ ctx, input }) => {
    const progress = await findPackage(ctx.exchange, await taking(ctx, input.from), input.packageId);
    if (!progress) throw new Refused();
    return progress;
  }),
});
