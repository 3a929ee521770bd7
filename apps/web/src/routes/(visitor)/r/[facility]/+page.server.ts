import { error, fail, redirect } from '@sveltejs/kit';
import { asksForBirthDate, isRefusal } from '#lib/live/refusal.ts';
import { requestPage } from '#lib/paths.ts';
import type { Actions, PageServerLoad } from './$types';

/** What could be a facility's address; anything else, a NUL say, is nobody's. */
const SLUG = /^[a-z0-9-]{1,60}$/;

/** The facility's face for everybody; the request, its patient masked, for whoever entered its PIN in this browser. */
export const load: PageServerLoad = async ({ locals, params }) => {
  // Printed addresses are typed in capitals as often as not.
  const facility = params.facility.toLowerCase();
  const face = SLUG.test(facility)
    ? await unlessRefused(() => locals.api.facilities.face({ facility }))
    : null;
  if (!face) error(404);
  const request = await unlessRefused(() => locals.api.requests.mine());
  if (request?.facilitySlug !== face.slug) return { face, request: null, upload: null };
  // Answers with the upload under way, so that a reload or a colleague's browser finds it.
  const underWay = request.state === 'uploading';
  const upload = underWay ? await unlessRefused(() => locals.api.uploads.openForRequest()) : null;
  return { face, request, upload };
};

export const actions: Actions = {
  /** `Begin`, pressed before the page's scripts were there. */
  default: async ({ request, locals, params }) => {
    const facility = params.facility.toLowerCase();
    if (!SLUG.test(facility)) error(404);
    const pin = String((await request.formData()).get('pin') ?? '').slice(0, 40);
    try {
      await locals.api.access.enterWithPin({ facility, pin });
    } catch (failure) {
      if (isRefusal(failure)) return fail(400, { refused: true, birthDateNeeded: false });
      if (asksForBirthDate(failure)) return fail(400, { refused: false, birthDateNeeded: true });
      throw failure;
    }
    redirect(303, requestPage(facility));
  },
};

async function unlessRefused<Result>(ask: () => Promise<Result>): Promise<Result | null> {
  try {
    return await ask();
  } catch (failure) {
    if (isRefusal(failure)) return null;
    throw failure;
  }
}
