import { error } from '@sveltejs/kit';
import { TRPCError } from '@trpc/server';

/** An answer for a page, or the page that says there is nothing: unknown and forbidden look the same. */
export async function orNotFound<Answer>(asked: Promise<Answer>): Promise<Answer> {
  try {
    return await asked;
  } catch (failure) {
    if (failure instanceof TRPCError && (failure.code === 'NOT_FOUND' || failure.code === 'BAD_REQUEST')) {
      error(404);
    }
    throw failure;
  }
}
