import { error } from '@sveltejs/kit';
import { isRefusal } from '#lib/live/refusal.ts';

/** An answer for a page, or the page that says there is nothing: unknown, forbidden and mistyped look the same. */
export async function orNotFound<Answer>(asked: Promise<Answer>): Promise<Answer> {
  try {
    return await asked;
  } catch (failure) {
    if (isRefusal(failure) || isMistyped(failure)) error(404);
    throw failure;
  }
}

/** An id that cannot be one. Told by shape for the reason `isRefusal` gives. */
function isMistyped(failure: unknown): boolean {
  return failure instanceof Error && 'code' in failure && failure.code === 'BAD_REQUEST';
}
