import { isRefusal } from '#lib/live/refusal.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url, setHeaders }) => {
  // After leaving, a shared computer must not keep images that the viewer had cached.
  if (url.searchParams.has('left')) setHeaders({ 'clear-site-data': '"cache"' });
  const { shareId } = await locals.api.access.me();
  return { openShareId: shareId && (await isStillOpen(locals, shareId)) ? shareId : null };
};

async function isStillOpen(locals: App.Locals, shareId: string): Promise<boolean> {
  try {
    await locals.api.shares.inbox({ shareId });
    return true;
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}

export const actions: Actions = {
  /** Reached only by a press before the page's scripts were there. */
  default: () => ({ early: true }),
};
