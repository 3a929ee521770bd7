import { fail, redirect } from '@sveltejs/kit';
import { isRefusal } from '#lib/live/refusal.ts';
import { inbox } from '#lib/paths.ts';
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
  /** The same way in for a press before the page's scripts were there, and for browsers without any. */
  default: async ({ request, locals }) => {
    const fields = await request.formData();
    const typed = (name: string) => String(fields.get(name) ?? '').slice(0, 60);
    let shareId: string;
    try {
      ({ shareId } = await locals.api.access.enterWithCode({
        code: typed('code'),
        birthDate: typed('birthDate'),
      }));
    } catch (error) {
      if (isRefusal(error)) return fail(400, { refused: true });
      throw error;
    }
    redirect(303, inbox(shareId));
  },
};
