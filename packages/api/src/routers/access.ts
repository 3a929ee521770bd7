import { enterWithCode } from '@filmpost/exchange/access/codes/commands.ts';
import { codeEntry } from '@filmpost/exchange/access/codes/schema.ts';
import { enterWithPin } from '@filmpost/exchange/access/pins/commands.ts';
import { pinEntry } from '@filmpost/exchange/access/pins/schema.ts';
import { endSession } from '@filmpost/exchange/access/sessions/commands.ts';
import { TRPCError } from '@trpc/server';
import { atEvenPace } from '../even-pace.ts';
import { sessionCookie } from '../knock.ts';
import { type CallContext, procedure, router } from '../trpc.ts';

function cookieSetter(context: CallContext): (cookie: string) => void {
  if (!context.setCookie) throw new TRPCError({ code: 'METHOD_NOT_SUPPORTED', message: 'Enter over HTTP.' });
  return context.setCookie;
}

export const access = router({
  /** Who this browser is signed in as, in every role at once. */
  me: procedure.query(async ({ ctx }) => {
    const { staff, recipient, uploader } = await ctx.visitor();
    return {
      staff: staff && { name: staff.name, memberships: staff.memberships },
      shareId: recipient?.shareId ?? null,
      requestId: uploader?.requestId ?? null,
      /** Told to whoever came in while the PIN still opened it: what ended under their hands was no fault of theirs. */
      requestClosed: uploader?.closed ?? null,
    };
  }),
  enterWithCode: procedure.input(codeEntry).mutation(async ({ ctx, input }) => {
    const setCookie = cookieSetter(ctx);
    const { shareId, token, expiresAt } = await atEvenPace(() =>
      enterWithCode(ctx.exchange, input, ctx.credentials.address),
    );
    setCookie(sessionCookie('recipient', { token, expiresAt, publicUrl: ctx.exchange.publicUrl }));
    return { shareId };
  }),
  enterWithPin: procedure.input(pinEntry).mutation(async ({ ctx, input }) => {
    const setCookie = cookieSetter(ctx);
    const { requestId, token, expiresAt } = await atEvenPace(() =>
      enterWithPin(ctx.exchange, input, ctx.credentials.address),
    );
    setCookie(sessionCookie('uploader', { token, expiresAt, publicUrl: ctx.exchange.publicUrl }));
    return { requestId };
  }),
  /** Ends this browser's recipient and uploader sessions. */
  leave: procedure.mutation(async ({ ctx }) => {
    const setCookie = cookieSetter(ctx);
    const { recipient, uploader } = await ctx.visitor();
    const gone = { token: '', expiresAt: new Date(0), publicUrl: ctx.exchange.publicUrl };
    if (recipient) {
      await endSession(ctx.exchange, recipient.sessionHash);
      setCookie(sessionCookie('recipient', gone));
    }
    if (uploader) {
      await endSession(ctx.exchange, uploader.sessionHash);
      setCookie(sessionCookie('uploader', gone));
    }
  }),
});
