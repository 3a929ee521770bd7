import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

/** The facility's face for everybody; the request, its patient masked, for whoever entered its PIN in this browser. */
export const load: PageServerLoad = async ({ locals, params }) => {
  // Printed addresses are typed in capitals as often as not.
  const facility = params.facility.toLowerCase();
  const face =
    facility.length <= 60 ? await unlessRefused(() => locals.api.facilities.face({ facility })) : null;
  if (!face) error(404);
  const request = await unlessRefused(() => locals.api.requests.mine());
  if (request?.facilitySlug !== face.slug) return { face, request: null, upload: null };
  // Answers with the upload under way, so that a reload or a colleague's browser finds it.
  const underWay = request.state === 'uploading';
  const upload = underWay ? await unlessRefused(() => locals.api.uploads.openForRequest()) : null;
  return { face, request, upload };
};

async function unlessRefused<Result>(ask: () => Promise<Result>): Promise<Result | null> {
  try {
    return await ask();
  } catch (failure) {
    // Pages are bundled with a copy of tRPC of their own, so its class cannot be asked for.
    if (failure instanceof Error && 'code' in failure && failure.code === 'NOT_FOUND') return null;
    throw failure;
  }
}
