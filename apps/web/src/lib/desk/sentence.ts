import { TRPCClientError } from '@trpc/client';

const NOT_REACHED = 'Filmpost could not be reached. Nothing was changed. Check the connection and try again.';

/** What went wrong, for the person at the desk. The procedures' own sentences are written for people already. */
export function sentence(failure: unknown): string {
  if (failure instanceof TRPCClientError && failure.data) return failure.message;
  return NOT_REACHED;
}
