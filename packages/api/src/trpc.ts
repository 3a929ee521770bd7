import { TRPCError, initTRPC } from '@trpc/server';
import type { Credentials } from '@filmpost/exchange/access/gate/commands.ts';
import { Refused, type Visitor } from '@filmpost/exchange/access/gate/schema.ts';
import { BirthDateNeeded } from '@filmpost/exchange/access/pins/commands.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { CannotBeDone } from '@filmpost/exchange/facilities/commands.ts';
import { NoRoom, TooMuch } from '@filmpost/exchange/intake/limits/schema.ts';
import { ZodError } from 'zod';
import type { EventFeed } from './live/feed.ts';
import type { Line } from './live/line.ts';

/** What a procedure is called with. `visitor()` believes the credentials anew at each call, also on a long socket. */
export interface CallContext {
  exchange: Exchange;
  feed: EventFeed;
  credentials: Credentials;
  visitor(): Promise<Visitor>;
  /** Sets a cookie; only calls over HTTP can. */
  setCookie?: ((cookie: string) => void) | undefined;
  /** The socket that a call came by, on which subscriptions are told what happens. */
  line?: Line | undefined;
}

const t = initTRPC.context<CallContext>().create({
  sse: { ping: { enabled: true, intervalMs: 10_000 }, client: { reconnectAfterInactivityMs: 30_000 } },
  errorFormatter({ shape, error }) {
    const noRoom = error.cause instanceof NoRoom;
    const { code, path } = shape.data;
    const httpStatus = noRoom ? INSUFFICIENT_STORAGE : shape.data.httpStatus;
    const fields =
      error.cause instanceof ZodError ? error.cause.issues.map((issue) => issue.path.join('.')) : [];
    const birthDateNeeded = error.cause instanceof BirthDateNeeded;
    return {
      code: shape.code,
      message: sentenceFor(error),
      data: { code, httpStatus, path, fields, birthDateNeeded, noRoom },
    };
  },
});

/** Errors whose sentences are ours, for whoever asked. */
const SPOKEN = [CannotBeDone, BirthDateNeeded, TooMuch, NoRoom];
/** RFC 4918 11.5; tRPC has no name for it. */
export const INSUFFICIENT_STORAGE = 507;

const SENTENCES: { readonly [code: string]: string } = {
  NOT_FOUND: 'There is nothing here for you.',
  INTERNAL_SERVER_ERROR: 'Something went wrong on our side. Nothing was lost; please try again.',
};

/** Only sentences that we wrote leave the house; anything else could carry a patient's data. */
function sentenceFor({ cause, code }: TRPCError): string {
  if (SPOKEN.some((kind) => cause instanceof kind)) return cause?.message ?? '';
  if (cause instanceof ZodError) return 'Something in this form is missing or not as expected.';
  return SENTENCES[code] ?? 'This request cannot be understood.';
}

/** PostgreSQL's no to a NUL or half a character, in text (22021) or in JSON (22P05). */
function isUnstorable(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && (cause.code === '22021' || cause.code === '22P05');
}

/** Turns the domain's words into tRPC's: refused is NOT_FOUND for everyone and everything. */
const translated = t.middleware(async ({ next }) => {
  const result = await next();
  if (result.ok) return result;
  const { cause } = result.error;
  if (cause instanceof Refused) throw new TRPCError({ code: 'NOT_FOUND', cause });
  if (cause instanceof CannotBeDone) throw new TRPCError({ code: 'CONFLICT', cause });
  if (cause instanceof TooMuch) throw new TRPCError({ code: 'PAYLOAD_TOO_LARGE', cause });
  if (cause instanceof NoRoom) throw new TRPCError({ code: 'SERVICE_UNAVAILABLE', cause });
  if (cause instanceof BirthDateNeeded) throw new TRPCError({ code: 'PRECONDITION_FAILED', cause });
  if (cause instanceof ZodError) throw new TRPCError({ code: 'BAD_REQUEST', cause });
  if (isUnstorable(cause)) throw new TRPCError({ code: 'BAD_REQUEST', cause });
  if (result.error.code === 'INTERNAL_SERVER_ERROR') {
    console.error(`${cause?.name ?? 'error'}: ${(cause?.stack ?? '').split('\n').slice(1, 4).join(' ')}`);
  }
  return result;
});

export const router = t.router;
export const procedure = t.procedure.use(translated);
export const createCallerFactory = t.createCallerFactory;
