import { error } from '@sveltejs/kit';
import { TRPCError } from '@trpc/server';
import type { PageServerLoad } from './$types';

/** The facility's face for everybody; the request, its patient masked, for whoever entered its PIN in this browser. */
export const load: PageServerLoad = async ({ locals, params }) => {
  const { facility: slug } = params;
  const face = slug.length <= 60 ? await locals.api.facilities.face({ facility: slug }) : null;
  if (!face) error(404);
  const request = await orNull(() => locals.api.requests.mine());
  if (request?.facilitySlug !== face.slug) return { face, request: null, upload: null };
  // Answers with the upload under way, so that a reload or a colleague's browser finds it.
  const upload =
    request.state === 'uploading' ? await orNull(() => locals.api.uploads.openForRequest()) : null;
  return { face, request, upload };
};

async function orNull<Result>(ask: () => Promise<Result>): Promise<Result | null> {
  try {
    return await ask();
  } catch (failure) {
    if (failure instanceof TRPCError && failure.code === 'NOT_FOUND') return null;
    throw failure;
  }
}
