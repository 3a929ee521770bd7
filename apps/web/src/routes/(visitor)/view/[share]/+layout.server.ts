import { redirect } from '@sveltejs/kit';
import { isRefusal } from '#lib/live/refusal.ts';
import { view } from '#lib/paths.ts';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = async ({ locals, params }) => {
  try {
    return { inbox: await locals.api.shares.inbox({ shareId: params.share }), serverNow: Date.now() };
  } catch (error) {
    // Unknown, foreign and ended are one to a stranger: the way in.
    if (isRefusal(error)) redirect(303, view());
    throw error;
  }
};
